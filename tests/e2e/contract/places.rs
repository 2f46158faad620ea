//! Section 7, `geo.file`: where addresses are.

use std::{net::IpAddr, path::Path};

use saoma_api::{Adapters, config::Config};
use saoma_sandbox::{OfficialAccount, Sandbox, SandboxConfig};
use saoma_testing::PlaceFile;

use super::program::{Output, right_but, saoma, saoma_in};

const ADDRESS: IpAddr = IpAddr::V4(std::net::Ipv4Addr::new(203, 0, 113, 9));

fn shenzhen() -> PlaceFile {
    PlaceFile::ipv4().range("203.0.113.0", "203.0.113.255", "中国|广东省|深圳市|电信|CN")
}

/// Checks with the files of a folder.
async fn check(folder: &Path, files: &str, language: &str) -> Output {
    let wechat = Sandbox::start(SandboxConfig::with_account(OfficialAccount::demo())).await.unwrap();
    let base = wechat.base_url();
    let settings = right_but(&[("geo.file", Some(files)), ("wechat.api_base", Some(&base))]);
    saoma_in(folder, &["check", "--lang", language], &settings).await
}

#[tokio::test]
async fn a_file_that_cannot_be_used_stops_the_start_and_names_its_key() {
    let folder = tempfile::tempdir().unwrap();
    let pointer = folder.path().join("pointer.xdb");
    std::fs::write(&pointer, "version https://git-lfs.github.com/spec/v1\n").unwrap();
    let cut = folder.path().join("cut.xdb");
    let whole = shenzhen().bytes();
    std::fs::write(&cut, &whole[..whole.len() - 1]).unwrap();
    for (file, says) in [
        ("/absent/ip2region.xdb", "No such file"),
        (pointer.to_str().unwrap(), "it is no ip2region file"),
        (cut.to_str().unwrap(), "it is cut off or damaged"),
        ("a.xdb,b.xdb,c.xdb", "expected one ip2region file (.xdb), or two"),
    ] {
        let output = saoma(&["serve"], &right_but(&[("geo.file", Some(file))])).await;
        assert_eq!(output.code, Some(2), "{file}: {output:?}");
        let named = output.stderr.contains("geo.file") && output.stderr.contains(says);
        assert!(named, "{file}: {}", output.stderr);
    }
}

#[tokio::test]
async fn the_check_says_which_files_of_places_there_are() {
    let folder = tempfile::tempdir().unwrap();
    let ipv6 = PlaceFile::ipv6().range("2001:db8::", "2001:db8::ffff", "中国|北京市|北京市|联通|CN");
    std::fs::write(folder.path().join("v4.xdb"), shenzhen().bytes()).unwrap();
    std::fs::write(folder.path().join("v6.xdb"), ipv6.bytes()).unwrap();
    let good = check(folder.path(), "v4.xdb,v6.xdb", "en").await.stdout;
    for line in [
        "ok    geo.file: v4.xdb: IPv4, 1 ranges of addresses, made on 2026-08-14",
        "ok    geo.file: v6.xdb: IPv6, 1 ranges of addresses, made on 2026-08-14",
    ] {
        assert!(good.lines().any(|said| said == line), "{good}");
    }
    let wrong = check(folder.path(), "v4.xdb,v4.xdb", "zh").await;
    assert_eq!(wrong.code, Some(1), "{wrong:?}");
    let said = wrong.stdout.contains("wrong geo.file: v4.xdb: there is another file for IPv4")
        && wrong.stdout.contains("处理：IPv4 和 IPv6 的文件各写一个");
    assert!(said, "{}", wrong.stdout);
    assert!(!check(folder.path(), "", "en").await.stdout.contains("geo.file"), "no file is needed");
}

#[tokio::test]
async fn the_services_know_the_places_of_the_file() {
    let file = tempfile::NamedTempFile::new().unwrap();
    std::fs::write(file.path(), shenzhen().bytes()).unwrap();
    let builder =
        Config::builder("http://localhost:8080", "5a".repeat(32)).set("database.url", "sqlite::memory:");
    let place = async |config: Config| {
        let adapters = Adapters::connect(&config).await.unwrap();
        adapters.ports.places.place(ADDRESS).map(|place| place.to_string())
    };
    let path = file.path().to_str().unwrap();
    assert_eq!(
        place(builder.clone().set("geo.file", path).build().unwrap()).await.as_deref(),
        Some("广东 深圳")
    );
    assert_eq!(place(builder.build().unwrap()).await, None, "without a file no place is known");
}
