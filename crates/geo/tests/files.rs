//! Files of places: what they say, and what is refused.

#![expect(clippy::unwrap_used, reason = "a test that cannot go on fails")]

use std::{fs, net::IpAddr, path::PathBuf};

use saoma_domain::{ports::Places, time::Timestamp};
use saoma_geo::{Family, PlaceFileError, PlaceFiles, Xdb, XdbError};
use saoma_testing::PlaceFile;
use tempfile::TempDir;

const SHENZHEN: &str = "中国|广东省|深圳市|电信|CN";
const BEIJING: &str = "中国|北京市|北京市|联通|CN";

/// Where the numbers of the header stand, and how long an entry of IPv4 is.
const FIRST_ENTRY: usize = 8;
const ENTRY: usize = 14;

fn small() -> PlaceFile {
    PlaceFile::ipv4()
        .range("1.0.0.0", "1.0.0.255", SHENZHEN)
        .range("1.0.1.0", "1.0.1.255", "0|0|0|0")
        .range("192.0.2.7", "192.0.2.7", BEIJING)
        .range("255.255.255.0", "255.255.255.255", "日本|东京都||NTT|JP")
}

fn said(places: &dyn Places, ip: &str) -> Option<String> {
    places.place(ip.parse().unwrap()).map(|place| place.to_string())
}

/// Writes files into a folder and returns their paths.
fn written(files: &[&PlaceFile]) -> (TempDir, Vec<PathBuf>) {
    let folder = tempfile::tempdir().unwrap();
    let write = |(at, file): (usize, &&PlaceFile)| {
        let path = folder.path().join(format!("{at}.xdb"));
        fs::write(&path, file.bytes()).unwrap();
        path
    };
    let paths = files.iter().enumerate().map(write).collect();
    (folder, paths)
}

#[test]
fn an_address_is_found_in_its_range_and_no_further() {
    let (_folder, paths) = written(&[&small()]);
    let places = PlaceFiles::open(&paths).unwrap();
    for (ip, place) in [
        ("0.255.255.255", None),
        ("1.0.0.0", Some("广东 深圳")),
        ("1.0.0.255", Some("广东 深圳")),
        ("::ffff:1.0.0.9", Some("广东 深圳")),
        ("1.0.1.0", None),
        ("1.0.2.0", None),
        ("192.0.2.6", None),
        ("192.0.2.7", Some("北京")),
        ("192.0.2.8", None),
        ("255.255.255.255", Some("日本 东京都")),
        ("2001:db8::1", None),
    ] {
        assert_eq!(said(&places, ip).as_deref(), place, "{ip}");
    }
    let place = places.place(IpAddr::from([192, 0, 2, 7])).unwrap();
    assert_eq!(place.operator.as_deref(), Some("联通"));
}

#[test]
fn a_file_of_ipv6_and_one_of_ipv4_complete_each_other() {
    let ipv6 = PlaceFile::ipv6().range("2001:db8::", "2001:db8::ffff", SHENZHEN).range(
        "2400:da00::",
        "2400:da00:ffff:ffff:ffff:ffff:ffff:ffff",
        BEIJING,
    );
    let (_folder, paths) = written(&[&ipv6, &small()]);
    let places = PlaceFiles::open(&paths).unwrap();
    assert_eq!(said(&places, "2001:db8::ffff").as_deref(), Some("广东 深圳"));
    assert_eq!(said(&places, "2001:db8::1:0"), None);
    assert_eq!(said(&places, "2400:da00:1::").as_deref(), Some("北京"));
    assert_eq!(said(&places, "1.0.0.1").as_deref(), Some("广东 深圳"));
    let families: Vec<_> = places.files().iter().map(|file| (file.family(), file.entries())).collect();
    assert_eq!(families, [(Family::Ipv6, 2), (Family::Ipv4, 4)]);
    assert_eq!(places.files()[0].made(), Timestamp::from_secs(PlaceFile::MADE.into()));
}

#[test]
fn a_file_of_structure_2_is_read_with_its_fifth_word() {
    let old = PlaceFile::of_structure_2()
        .range("1.0.0.0", "1.0.0.255", "中国|0|广东省|深圳市|电信")
        .range("1.0.1.0", "1.0.1.255", "印度尼西亚|0|东爪哇|0|XL")
        .range("1.0.2.0", "1.0.2.255", "0|0|0|内网IP|内网IP");
    let (_folder, paths) = written(&[&old]);
    let places = PlaceFiles::open(&paths).unwrap();
    assert_eq!(said(&places, "1.0.0.1").as_deref(), Some("广东 深圳"));
    assert_eq!(said(&places, "1.0.1.1").as_deref(), Some("印度尼西亚 东爪哇"));
    assert_eq!(said(&places, "1.0.2.1"), None);
}

#[test]
fn a_file_that_was_cut_off_anywhere_is_refused() {
    let whole = small().bytes();
    // The regions and the entries are the last bytes.
    for length in (0..64).chain(250..260).chain(whole.len() - 160..whole.len()) {
        let error = Xdb::parse(whole[..length].to_vec()).unwrap_err();
        assert!(matches!(error, XdbError::TooShort(_) | XdbError::Entries), "{length}: {error}");
    }
    assert!(Xdb::parse(whole).is_ok());
}

#[test]
fn what_is_no_ip2region_file_is_refused() {
    let mut page = b"<!doctype html>".repeat(50_000);
    assert_eq!(Xdb::parse(page.clone()).unwrap_err(), XdbError::Structure);
    page.truncate(1000);
    assert_eq!(Xdb::parse(page).unwrap_err(), XdbError::TooShort(1000));
    assert_eq!(Xdb::parse(Vec::new()).unwrap_err(), XdbError::TooShort(0));
    let mut file = small().bytes();
    file[16] = 5;
    assert_eq!(Xdb::parse(file.clone()).unwrap_err(), XdbError::Version(5));
    file[0] = 4;
    assert_eq!(Xdb::parse(file).unwrap_err(), XdbError::Structure);
    let empty = PlaceFile::ipv4().bytes();
    assert_eq!(Xdb::parse(empty).unwrap_err(), XdbError::Entries, "there are no entries");
}

#[test]
fn entries_that_are_not_where_the_header_says_are_refused() {
    let whole = small().bytes();
    let start = u32::from_le_bytes(whole[FIRST_ENTRY..FIRST_ENTRY + 4].try_into().unwrap());
    let with_start = |start: u32| {
        let mut file = whole.clone();
        file[FIRST_ENTRY..FIRST_ENTRY + 4].copy_from_slice(&start.to_le_bytes());
        Xdb::parse(file).unwrap_err()
    };
    for wrong in [0, 1, start - 1, start + 1, start - 256, u32::MAX] {
        let error = with_start(wrong);
        assert!(matches!(error, XdbError::Entries | XdbError::Region(_)), "{wrong}: {error}");
    }
    assert_eq!(with_start(256), XdbError::Entries, "they would be in the vector");
}

#[test]
fn entries_out_of_order_are_refused() {
    for (first, last) in [("2.0.0.9", "2.0.0.8"), ("1.0.0.255", "1.0.1.0"), ("0.0.0.0", "0.0.0.9")] {
        let file = PlaceFile::ipv4().range("1.0.0.0", "1.0.0.255", SHENZHEN).range(first, last, BEIJING);
        assert_eq!(Xdb::parse(file.bytes()).unwrap_err(), XdbError::Order(1), "{first}");
    }
}

#[test]
fn a_region_that_is_no_text_is_refused() {
    let whole = small().bytes();
    let end = whole.len();
    let changed = |from_end: usize, bytes: &[u8]| {
        let mut file = whole.clone();
        file[end - from_end..][..bytes.len()].copy_from_slice(bytes);
        Xdb::parse(file).map(drop)
    };
    assert_eq!(changed(0, &[]), Ok(()));
    assert_eq!(changed(4, &u32::MAX.to_le_bytes()), Err(XdbError::Region(3)), "outside the file");
    assert_eq!(changed(4, &0_u32.to_le_bytes()), Err(XdbError::Region(3)), "in the header");
    assert_eq!(changed(6, &2000_u16.to_le_bytes()), Err(XdbError::Region(3)), "too long");
    assert_eq!(changed(6, &0_u16.to_le_bytes()), Ok(()), "an entry may have none");
    // The last region stands before the four entries.
    assert_eq!(changed(4 * ENTRY + 1, &[0xff]), Err(XdbError::Region(3)), "not UTF-8");
    assert_eq!(changed(4 * ENTRY + 1, b"\n"), Err(XdbError::Region(3)), "a line of its own");
}

#[test]
fn a_file_that_cannot_be_used_is_named() {
    let (folder, mut paths) = written(&[&small(), &small()]);
    let error = PlaceFiles::open(&paths).unwrap_err();
    assert!(matches!(&error, PlaceFileError::Twice { path, family: Family::Ipv4 } if *path == paths[1]));
    assert!(error.to_string().contains("1.xdb: there is another file for IPv4"), "{error}");

    for (name, expected) in [("absent.xdb", "No such file"), ("", "it is no file")] {
        paths[1] = folder.path().join(name);
        let error = PlaceFiles::open(&paths).unwrap_err().to_string();
        assert!(error.contains(expected) && error.contains(folder.path().to_str().unwrap()), "{error}");
    }
    paths[1] = folder.path().join("large.xdb");
    fs::File::create(&paths[1]).unwrap().set_len(257 << 20).unwrap();
    let error = PlaceFiles::open(&paths).unwrap_err().to_string();
    assert!(
        error.ends_with("large.xdb: it is larger than 256 MiB, and would have to be kept in memory"),
        "{error}"
    );
}

#[test]
fn without_a_file_no_place_is_known() {
    let places = PlaceFiles::open(&[]).unwrap();
    assert_eq!(said(&places, "1.0.0.1"), None);
    assert!(places.files().is_empty());
}

/// The files that operators use: `SAOMA_PLACE_FILES=ip2region_v4.xdb,ip2region_v6.xdb`, with `SAOMA_PLACE_SOURCE` as the text
/// that one of them was made of.
#[test]
#[ignore = "needs files that are not part of this repository"]
fn the_files_of_ip2region_say_what_their_source_says() {
    let files = std::env::var("SAOMA_PLACE_FILES").expect("SAOMA_PLACE_FILES");
    let paths: Vec<PathBuf> = files.split(',').map(PathBuf::from).collect();
    let places = PlaceFiles::open(&paths).unwrap();
    let source =
        fs::read_to_string(std::env::var("SAOMA_PLACE_SOURCE").expect("SAOMA_PLACE_SOURCE")).unwrap();
    let mut lines = 0;
    for line in source.lines().step_by(7) {
        let mut words = line.splitn(3, '|');
        let (first, last, region) = (words.next().unwrap(), words.next().unwrap(), words.next().unwrap());
        let country = region.split('|').next().filter(|country| *country != "0" && !country.is_empty());
        for ip in [first, last] {
            let place = places.place(ip.parse().unwrap());
            assert_eq!(place.and_then(|place| place.country).as_deref(), country, "{ip}: {line}");
        }
        lines += 1;
    }
    assert!(lines > 10_000, "{lines}");
}
