use super::*;

fn parsed(url: &str) -> (Topology, bool, Vec<(String, u16)>, i64) {
    let address = Address::parse(url).unwrap();
    let hosts = address.hosts.into_iter().map(|host| (host.name, host.port)).collect();
    (address.topology, address.tls, hosts, address.db)
}

fn host(name: &str, port: u16) -> (String, u16) {
    (name.to_owned(), port)
}

#[test]
fn every_kind_of_redis_has_its_url() {
    assert_eq!(parsed("redis://h"), (Topology::Single, false, vec![host("h", 6379)], 0));
    assert_eq!(parsed("rediss://[::1]:7000/3"), (Topology::Single, true, vec![host("::1", 7000)], 3));
    let primary = Topology::Sentinel { primary: "main".to_owned() };
    let hosts = vec![host("a", 26_379), host("b", 1), host("c", 26_379)];
    assert_eq!(parsed("redis+sentinel://a,b:1,c/main"), (primary.clone(), false, hosts, 0));
    assert_eq!(parsed("rediss+sentinel://a/main/2"), (primary, true, vec![host("a", 26_379)], 2));
    assert_eq!(
        parsed("redis+cluster://a,b"),
        (Topology::Cluster, false, vec![host("a", 6379), host("b", 6379)], 0)
    );
}

#[test]
fn user_and_password_are_decoded_and_never_printed() {
    let address = Address::parse("redis://us%40er:p%3Aw%2F@h").unwrap();
    let login = address.server_settings();
    assert_eq!((login.username(), login.password()), (Some("us@er"), Some("p:w/")));
    assert!(!format!("{address:?}").contains("p:w/"));
    assert_eq!(Address::parse("redis://:pw@h").unwrap().server_settings().username(), None);
}

#[test]
fn sentinels_have_a_user_and_a_password_of_their_own() {
    let url = "redis+sentinel://u:p@a,b/main/2?sentinel_user=us%40er&sentinel_password=p%26w%2F%2B";
    let address = Address::parse(url).unwrap();
    assert_eq!(
        (address.server_settings().username(), address.server_settings().password()),
        (Some("u"), Some("p"))
    );
    for sentinel in address.sentinels().unwrap() {
        let login = sentinel.redis_settings();
        assert_eq!((login.username(), login.password(), login.db()), (Some("us@er"), Some("p&w/+"), 0));
    }
    assert!(!format!("{address:?}").contains("p&w/+"));
    let address = Address::parse("redis+sentinel://a/main?sentinel_password=p").unwrap();
    assert_eq!(
        (address.server_settings().password(), address.sentinel.settings().password()),
        (None, Some("p"))
    );
}

#[test]
fn an_invalid_url_is_refused() {
    let wrong = [
        "",
        "h",
        "http://h",
        "redisx://h",
        "redis://",
        "redis://a,b",
        "redis://h:x",
        "redis://h:70000",
        "redis://h/x",
        "redis://u@h",
        "redis://u:@h",
        "redis://[::1",
        "redis://[::1]x",
        "redis://h?db=1",
        "redis+cluster://h/1",
        "redis://h#x",
        "redis+cluster://h?sentinel_password=p",
        "redis+sentinel://h/main?",
        "redis+sentinel://h/main?sentinel_password=",
        "redis+sentinel://h/main?sentinel_user=u",
        "redis+sentinel://h/main?password=p",
        "redis+sentinel://u:p?w@h/main",
        "redis+sentinel://h",
        "redis+sentinel://h/",
        "redis+sentinel://a,,b/main",
        "redis://%ff:pw@h",
    ];
    for url in wrong {
        assert!(Address::parse(url).is_err(), "{url}");
    }
}

#[test]
fn an_address_is_named_without_user_and_password() {
    let named = |url: &str| Address::parse(url).unwrap().to_string();
    assert_eq!(named("redis://us%40er:p%3Aw%2F@10.0.0.5/3"), "redis 10.0.0.5:6379");
    assert_eq!(named("rediss://:pw@[::1]:7000"), "redis [::1]:7000");
    let url = "redis+sentinel://u:pw@a,b:1/main/2?sentinel_user=us&sentinel_password=pw";
    assert_eq!(named(url), "redis main of sentinels a:26379,b:1");
    assert_eq!(named("redis+cluster://u:pw@a,b"), "redis cluster a:6379,b:6379");
}
