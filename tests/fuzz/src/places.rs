//! Files that say where addresses are.

use std::net::IpAddr;

use saoma_geo::Xdb;

/// What stands in a file between its header, of which 20 bytes are used, and the regions.
const HEADER: usize = 20;
const BEFORE_REGIONS: usize = 256 + 256 * 256 * 8;

/// Headers with the regions and entries behind them: two entries of IPv4, one of them without a region, and one of IPv6.
pub(crate) const SEEDS: &[&[u8]] = &[
    b"\x03\0\x01\0\0\xa6\x7d\x6a\x0a\x01\x08\0\x18\x01\x08\0\x04\0\x04\0\
      a|b|c|d|CN\
      \0\0\0\x01\xff\0\0\x01\x0a\0\0\x01\x08\0\
      \0\x01\0\x01\xff\xff\xff\xff\0\0\0\x01\x08\0",
    b"\x02\0\x01\0\0\xa6\x7d\x6a\x0a\x01\x08\0\x0a\x01\x08\0\0\0\0\0\
      a|0|c|d|ef\
      \0\0\0\0\xff\xff\xff\xff\x0a\0\0\x01\x08\0",
    b"\x03\0\x01\0\0\xa6\x7d\x6a\x0a\x01\x08\0\x0a\x01\x08\0\x06\0\x04\0\
      a|b|c|d|CN\
      \x20\x01\x0d\xb8\0\0\0\0\0\0\0\0\0\0\0\0\x20\x01\x0d\xb8\xff\xff\xff\xff\xff\xff\xff\xff\xff\xff\xff\xff\x0a\0\0\x01\x08\0",
];

/// No file makes the reader panic; every address of one that it takes can be looked up, and what is said of it is short.
pub fn place_files(data: &[u8]) {
    let (header, rest) = data.split_at(HEADER.min(data.len()));
    let mut file = vec![0; BEFORE_REGIONS];
    file[..header.len()].copy_from_slice(header);
    file.extend_from_slice(rest);
    let size = file.len();
    let xdb = match Xdb::parse(file) {
        Ok(xdb) => xdb,
        Err(error) => return assert!(!error.to_string().is_empty()),
    };
    assert!((1..=rest.len()).contains(&xdb.entries()), "{} entries in {size} bytes", xdb.entries());
    // The bytes of the file are addresses as well as any others.
    let near = rest.windows(16).step_by(7).filter_map(|bytes| <[u8; 16]>::try_from(bytes).ok());
    for bytes in near.chain([[0; 16], [0xff; 16]]) {
        let short = u32::from_be_bytes([bytes[0], bytes[1], bytes[2], bytes[3]]);
        let ips = [IpAddr::from(bytes), IpAddr::from(short.to_be_bytes()), IpAddr::from(short.to_le_bytes())];
        for place in ips.iter().filter_map(|ip| xdb.place(*ip)) {
            let said = place.to_string();
            assert!(said.len() <= 2048 && !said.contains(char::is_control), "{said:?}");
            assert!(place.is_same(&place) && place.country.is_some());
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_seeds_are_files() {
        for seed in SEEDS {
            let mut file = vec![0; BEFORE_REGIONS];
            file[..HEADER].copy_from_slice(&seed[..HEADER]);
            file.extend_from_slice(&seed[HEADER..]);
            let xdb = Xdb::parse(file).unwrap();
            assert!(xdb.entries() > 0);
        }
    }
}
