//! Lists that are read a page at a time.

use serde::Serialize;
use utoipa::ToSchema;

use crate::problem::{ErrorCode, Problem};

/// How many items a page has where the caller does not say.
const USUAL: u32 = 50;

/// How many it has at the most.
const MOST: u32 = 200;

/// A page of a list.
#[derive(Serialize, ToSchema)]
pub(crate) struct Page<T> {
    items: Vec<T>,
    /// What to send as `after` for the next page; absent on the last one.
    next: Option<String>,
}

impl<T> Page<T> {
    /// Makes a page of the items that were found, of which one more than `limit` was asked for, and of what each is
    /// found by.
    pub(crate) fn new(mut items: Vec<T>, limit: u32, cursor: impl Fn(&T) -> String) -> Self {
        let limit = usize::try_from(limit).unwrap_or(usize::MAX);
        let has_more = items.len() > limit;
        items.truncate(limit);
        let next = if has_more { items.last().map(cursor) } else { None };
        Self { items, next }
    }

    /// Makes the only page of a list that is short.
    pub(crate) fn whole(items: Vec<T>) -> Self {
        Self { items, next: None }
    }
}

/// Reads how many items a page is to have: 1 to 200, 50 where the caller does not say.
///
/// # Errors
/// `body_invalid` for any other number.
pub(crate) fn page_limit(limit: Option<u32>) -> Result<u32, Problem> {
    let limit = limit.unwrap_or(USUAL);
    if (1..=MOST).contains(&limit) {
        return Ok(limit);
    }
    Err(Problem::new(ErrorCode::BodyInvalid, format!("`limit` can be 1 to {MOST}")))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_page_leads_to_the_next_one_where_there_is_more() {
        let page = |found: Vec<u32>| Page::new(found, 2, u32::to_string);
        assert_eq!((page(vec![1, 2]).items, page(vec![1, 2]).next), (vec![1, 2], None));
        assert_eq!((page(vec![1, 2, 3]).items, page(vec![1, 2, 3]).next.as_deref()), (vec![1, 2], Some("2")));
        assert_eq!(page(vec![]).next, None);
    }

    #[test]
    fn a_page_has_one_to_two_hundred_items() {
        assert_eq!(page_limit(None).ok(), Some(50));
        for (limit, fits) in [(0, false), (1, true), (200, true), (201, false)] {
            assert_eq!(page_limit(Some(limit)).is_ok(), fits, "{limit}");
        }
    }
}
