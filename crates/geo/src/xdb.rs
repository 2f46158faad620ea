//! The bytes of an ip2region file, structure 2 or 3.
//!
//! A header of 256 bytes, a vector of 512 KiB that narrows the search, the regions, and the entries in order:
//! `first address, last address, length of the region (u16), where it is (u32)`. All numbers are little-endian, IPv4 addresses
//! too; IPv6 addresses are big-endian. Source: the maker of <https://github.com/lionsoul2014/ip2region>
//! (`maker/golang/xdb/maker.go`).

use std::net::IpAddr;

use saoma_domain::{place::Place, time::Timestamp};

use crate::region::{Layout, Layouts, place};

/// The header and the vector, which is not needed where the entries are searched in memory.
const BEFORE_REGIONS: usize = 256 + 256 * 256 * 8;

/// A longer region is none of ip2region's.
const REGION_BYTES: u16 = 1024;

/// Why bytes are no ip2region file.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum XdbError {
    /// Shorter than a file without entries.
    #[error("it is no ip2region file (.xdb): it has {0} bytes only")]
    TooShort(usize),
    /// A structure that is not known.
    #[error("it is no ip2region file (.xdb) of structure 2 or 3")]
    Structure,
    /// Neither IPv4 nor IPv6.
    #[error("it is an ip2region file of IP version {0}")]
    Version(u16),
    /// The entries are outside the file, or no whole number.
    #[error("it is cut off or damaged: the entries are not where its header says")]
    Entries,
    /// An entry ends before it begins, or begins before the end of the one before.
    #[error("it is damaged: entry {0} is out of order")]
    Order(usize),
    /// An entry's region is outside the file, too long, or no text.
    #[error("it is cut off or damaged: the region of entry {0} is no text")]
    Region(usize),
}

/// Which addresses a file knows.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Family {
    /// IPv4.
    Ipv4,
    /// IPv6.
    Ipv6,
}

impl Family {
    const fn address_bytes(self) -> usize {
        match self {
            Self::Ipv4 => 4,
            Self::Ipv6 => 16,
        }
    }

    const fn entry_bytes(self) -> usize {
        2 * self.address_bytes() + 6
    }
}

/// An ip2region file in memory, every entry of which was checked.
#[derive(Clone, PartialEq, Eq)]
pub struct Xdb {
    bytes: Vec<u8>,
    family: Family,
    layout: Layout,
    made: Timestamp,
    start: usize,
    entries: usize,
}

/// One entry: which addresses are in which region.
struct Entry<'a> {
    first: u128,
    last: u128,
    region: &'a [u8],
}

impl Xdb {
    /// Takes a file.
    ///
    /// # Errors
    /// [`XdbError`] for what is damaged, or no ip2region file.
    pub fn parse(bytes: Vec<u8>) -> Result<Self, XdbError> {
        let header = Header::read(&bytes).ok_or(XdbError::TooShort(bytes.len()))?;
        let family = header.family()?;
        let (start, entries) = header.entries(family, bytes.len()).ok_or(XdbError::Entries)?;
        let made = Timestamp::from_secs(header.made.into());
        let unchecked = Self { bytes, family, layout: Layout::Plain, made, start, entries };
        let layout = unchecked.check()?;
        Ok(Self { layout, ..unchecked })
    }

    /// Returns which addresses it knows.
    pub const fn family(&self) -> Family {
        self.family
    }

    /// Returns when it was made, as it says itself.
    pub const fn made(&self) -> Timestamp {
        self.made
    }

    /// Returns how many ranges of addresses it has.
    pub const fn entries(&self) -> usize {
        self.entries
    }

    /// Returns where an address is; `None` where the file does not know that, or knows the other family.
    pub fn place(&self, ip: IpAddr) -> Option<Place> {
        let address = match (ip, self.family) {
            (IpAddr::V4(ip), Family::Ipv4) => ip.to_bits().into(),
            (IpAddr::V6(ip), Family::Ipv6) => ip.to_bits(),
            (IpAddr::V4(_), Family::Ipv6) | (IpAddr::V6(_), Family::Ipv4) => return None,
        };
        let (mut low, mut high) = (0, self.entries);
        while low < high {
            let middle = low.midpoint(high);
            let entry = self.entry(middle)?;
            if address < entry.first {
                high = middle;
            } else if address > entry.last {
                low = middle + 1;
            } else {
                return place(str::from_utf8(entry.region).ok()?, self.layout);
            }
        }
        None
    }

    /// Looks at every entry, and returns in which order the words of the regions stand.
    fn check(&self) -> Result<Layout, XdbError> {
        let (mut layouts, mut before) = (Layouts::default(), None);
        for at in 0..self.entries {
            let Entry { first, last, region } = self.entry(at).ok_or(XdbError::Region(at))?;
            if first > last || before.is_some_and(|before| first <= before) {
                return Err(XdbError::Order(at));
            }
            let region = str::from_utf8(region).ok().filter(|region| !region.contains(char::is_control));
            layouts.count(region.ok_or(XdbError::Region(at))?);
            before = Some(last);
        }
        Ok(layouts.most())
    }

    /// Returns an entry; `None` where it, or its region, is outside the file.
    fn entry(&self, at: usize) -> Option<Entry<'_>> {
        let size = self.family.entry_bytes();
        let entry = self.bytes.get(self.start + at * size..)?.get(..size)?;
        let (first, rest) = entry.split_at_checked(self.family.address_bytes())?;
        let (last, rest) = rest.split_at_checked(self.family.address_bytes())?;
        let length = u16::from_le_bytes(rest.get(..2)?.try_into().ok()?);
        let from = usize::try_from(u32::from_le_bytes(rest.get(2..)?.try_into().ok()?)).ok()?;
        let region = self.bytes.get(from..)?.get(..length.into())?;
        let is_region = from >= BEFORE_REGIONS && length <= REGION_BYTES;
        // An entry may have no region, wherever it says that this is.
        (is_region || length == 0).then_some(Entry {
            first: self.address(first),
            last: self.address(last),
            region,
        })
    }

    fn address(&self, bytes: &[u8]) -> u128 {
        let add = |sum: u128, byte: &u8| sum << 8 | u128::from(*byte);
        match self.family {
            Family::Ipv4 => bytes.iter().rev().fold(0, add),
            Family::Ipv6 => bytes.iter().fold(0, add),
        }
    }
}

impl std::fmt::Debug for Xdb {
    /// Shows everything but the bytes.
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        let mut shown = f.debug_struct("Xdb");
        shown.field("family", &self.family).field("made", &self.made).field("entries", &self.entries);
        shown.finish_non_exhaustive()
    }
}

/// What the header says.
struct Header {
    structure: u16,
    made: u32,
    first_entry: u32,
    last_entry: u32,
    ip_version: u16,
}

impl Header {
    fn read(bytes: &[u8]) -> Option<Self> {
        let short = |at: usize| Some(u16::from_le_bytes(bytes.get(at..at + 2)?.try_into().ok()?));
        let long = |at: usize| Some(u32::from_le_bytes(bytes.get(at..at + 4)?.try_into().ok()?));
        (bytes.len() >= BEFORE_REGIONS).then_some(())?;
        Some(Self {
            structure: short(0)?,
            made: long(4)?,
            first_entry: long(8)?,
            last_entry: long(12)?,
            ip_version: short(16)?,
        })
    }

    const fn family(&self) -> Result<Family, XdbError> {
        match (self.structure, self.ip_version) {
            // Before there was IPv6 nothing stood there.
            (2, _) | (3, 4) => Ok(Family::Ipv4),
            (3, 6) => Ok(Family::Ipv6),
            (3, other) => Err(XdbError::Version(other)),
            (_, _) => Err(XdbError::Structure),
        }
    }

    /// Returns where the entries begin and how many there are.
    fn entries(&self, family: Family, file: usize) -> Option<(usize, usize)> {
        let (first, last) = (usize::try_from(self.first_entry).ok()?, usize::try_from(self.last_entry).ok()?);
        let size = family.entry_bytes();
        let between = last.checked_sub(first)?;
        let is_whole = between.is_multiple_of(size);
        let is_inside = first >= BEFORE_REGIONS && last.checked_add(size)? <= file;
        (is_whole && is_inside).then_some((first, between / size + 1))
    }
}
