//! Small ip2region files.

use std::net::IpAddr;

/// The header and the vector.
const BEFORE_REGIONS: usize = 256 + 256 * 256 * 8;

/// Makes an ip2region file (`.xdb`), as small as they are: half a megabyte.
///
/// ```
/// use saoma_testing::PlaceFile;
///
/// let (first, last) = ("192.0.2.0", "192.0.2.255");
/// let file = PlaceFile::ipv4().range(first, last, "中国|广东省|深圳市|电信|CN").bytes();
/// assert_eq!(file[..4], [3, 0, 1, 0]);
/// ```
///
/// The vector, which narrows the search of those who read such a file piece by piece, is left empty.
#[derive(Clone, Debug)]
#[must_use]
pub struct PlaceFile {
    structure: u16,
    ip_version: u16,
    made: u32,
    ranges: Vec<(IpAddr, IpAddr, String)>,
}

impl PlaceFile {
    /// When the file says that it was made: 2026-08-14, in the morning.
    pub const MADE: u32 = 1_786_665_600;

    /// Begins a file of IPv4.
    pub const fn ipv4() -> Self {
        Self { structure: 3, ip_version: 4, made: Self::MADE, ranges: Vec::new() }
    }

    /// Begins a file of IPv6.
    pub const fn ipv6() -> Self {
        Self { structure: 3, ip_version: 6, made: Self::MADE, ranges: Vec::new() }
    }

    /// Begins a file of IPv4 as they were before there were files of IPv6.
    pub const fn of_structure_2() -> Self {
        Self { structure: 2, ip_version: 0, made: Self::MADE, ranges: Vec::new() }
    }

    /// Adds a range of addresses; what is no address counts as `::`.
    pub fn range(mut self, first: &str, last: &str, region: &str) -> Self {
        let address = |text: &str| text.parse().unwrap_or(IpAddr::V6(std::net::Ipv6Addr::UNSPECIFIED));
        self.ranges.push((address(first), address(last), region.to_owned()));
        self
    }

    /// Returns the file.
    pub fn bytes(&self) -> Vec<u8> {
        let mut file = vec![0; BEFORE_REGIONS];
        let mut entries = Vec::new();
        let mut size = 0;
        for (first, last, region) in &self.ranges {
            let before = entries.len();
            entries.extend(address(*first));
            entries.extend(address(*last));
            entries.extend(u16::try_from(region.len()).unwrap_or(u16::MAX).to_le_bytes());
            entries.extend(offset(file.len()));
            size = entries.len() - before;
            file.extend(region.bytes());
        }
        let (start, end) = (file.len(), (file.len() + entries.len()).saturating_sub(size));
        file.extend(entries);
        let numbers = [self.structure, 1].into_iter().flat_map(u16::to_le_bytes);
        let numbers = numbers.chain(self.made.to_le_bytes()).chain(offset(start)).chain(offset(end));
        let numbers = numbers.chain([self.ip_version, 4].into_iter().flat_map(u16::to_le_bytes));
        file.splice(..20, numbers);
        file
    }
}

fn offset(at: usize) -> [u8; 4] {
    u32::try_from(at).unwrap_or(u32::MAX).to_le_bytes()
}

fn address(ip: IpAddr) -> Vec<u8> {
    match ip {
        IpAddr::V4(ip) => ip.to_bits().to_le_bytes().to_vec(),
        IpAddr::V6(ip) => ip.octets().to_vec(),
    }
}
