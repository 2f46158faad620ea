package shop;

import java.util.Map;
import java.util.Optional;

import org.springframework.boot.SpringApplication;
import org.springframework.boot.autoconfigure.SpringBootApplication;
import org.springframework.security.core.annotation.AuthenticationPrincipal;
import org.springframework.security.oauth2.core.oidc.user.OidcUser;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.RestController;

/** Shows who is logged in. ISSUER=http://127.0.0.1:8080 CLIENT_ID=shop CLIENT_SECRET=… mvn spring-boot:run */
@SpringBootApplication
@RestController
public class Shop {
  public static void main(String[] arguments) {
    SpringApplication.run(Shop.class, arguments);
  }

  @GetMapping("/")
  public Map<String, Object> home(@AuthenticationPrincipal OidcUser person) {
    var amr = Optional.ofNullable(person.getClaimAsStringList("amr"));
    return Map.of("sub", person.getSubject(), "amr", amr.orElse(java.util.List.of()));
  }
}
