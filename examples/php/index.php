<?php
// Logs people in with WeChat, by Saoma's OpenID provider. No library: PHP 8 with curl.
// ISSUER=http://127.0.0.1:8080 CLIENT_ID=shop CLIENT_SECRET=… php -S 127.0.0.1:3000 index.php
session_start(['cookie_httponly' => true, 'cookie_samesite' => 'Lax', 'use_strict_mode' => true]);
[$issuer, $id, $secret] = array_map('getenv', ['ISSUER', 'CLIENT_ID', 'CLIENT_SECRET']);
$site = getenv('SITE') ?: 'http://' . $_SERVER['HTTP_HOST'];

/** Calls an address, and ends where its answer is no success. */
function call(string $url, array $options): array
{
    $curl = curl_init($url);
    curl_setopt_array($curl, $options + [CURLOPT_RETURNTRANSFER => true, CURLOPT_TIMEOUT => 5]);
    $answer = curl_exec($curl);
    if (curl_getinfo($curl, CURLINFO_RESPONSE_CODE) !== 200) {
        http_response_code(502);
        exit('Saoma did not answer as expected');
    }
    return json_decode($answer, true, 8, JSON_THROW_ON_ERROR);
}

function random(): string
{
    return rtrim(strtr(base64_encode(random_bytes(32)), '+/', '-_'), '=');
}

$provider = call("$issuer/.well-known/openid-configuration", []);

switch (parse_url($_SERVER['REQUEST_URI'], PHP_URL_PATH)) {
    case '/callback':
        $asked = $_SESSION['asked'] ?? null;
        unset($_SESSION['asked']);
        if (!$asked || !hash_equals($asked['state'], $_GET['state'] ?? '')) {
            http_response_code(400);
            exit('this login was not begun here');
        }
        $form = ['grant_type' => 'authorization_code', 'code' => $_GET['code'] ?? '', 'redirect_uri' => "$site/callback",
            'code_verifier' => $asked['verifier'], 'client_id' => $id, 'client_secret' => $secret];
        $tokens = call($provider['token_endpoint'], [CURLOPT_POSTFIELDS => http_build_query($form)]);
        // Who it is comes from Saoma itself, over this connection, so no token has to be verified here.
        $bearer = ['Authorization: Bearer ' . $tokens['access_token']];
        session_regenerate_id(true);
        $_SESSION['person'] = call($provider['userinfo_endpoint'], [CURLOPT_HTTPHEADER => $bearer]);
        exit(header("Location: $site/"));
    case '/logout':
        session_destroy();
        $asked = ['client_id' => $id, 'post_logout_redirect_uri' => "$site/"];
        exit(header('Location: ' . $provider['end_session_endpoint'] . '?' . http_build_query($asked)));
}
if (!isset($_SESSION['person'])) {
    $_SESSION['asked'] = $asked = ['state' => random(), 'verifier' => random()];
    $challenge = rtrim(strtr(base64_encode(hash('sha256', $asked['verifier'], true)), '+/', '-_'), '=');
    exit(header('Location: ' . $provider['authorization_endpoint'] . '?' . http_build_query([
        'response_type' => 'code', 'client_id' => $id, 'redirect_uri' => "$site/callback", 'scope' => 'openid profile',
        'state' => $asked['state'], 'code_challenge' => $challenge, 'code_challenge_method' => 'S256'])));
}
header('Content-Type: application/json');
echo json_encode($_SESSION['person']);
