//! Answers told apart by the page on which they were given: a few names for addresses that anybody may make up.

use std::cmp::Reverse;
use std::collections::{BTreeMap, HashMap};

use parere_shared::score::State;

/// Most pages that stand by themselves, and most folders under which the others are put together: more nobody reads.
const NAMES_MAX: usize = 12;

/// What has no name of its own.
const OTHER: &str = "other";

/// The name under which each address is told, by how many answers came from it; the order does not matter.
///
/// Query and fragment are left out. The pages with the most answers stand by themselves, where there are enough for a
/// score; the others are put together by their first folder, as `/products/…`; what is left is `other`.
pub(super) fn names(addresses: &BTreeMap<String, u64>) -> HashMap<String, String> {
    let mut of_path: BTreeMap<&str, u64> = BTreeMap::new();
    for (address, n) in addresses {
        *of_path.entry(path(address)).or_default() += n;
    }
    let pages = biggest(&of_path);
    let mut of_folder: BTreeMap<&str, u64> = BTreeMap::new();
    for (path, n) in of_path.iter().filter(|(path, _)| !pages.contains(path)) {
        if let Some(folder) = folder(path) {
            *of_folder.entry(folder).or_default() += n;
        }
    }
    let folders = biggest(&of_folder);
    let name = |address: &String| match (path(address), folder(path(address))) {
        ("", _) => "unknown".into(),
        (path, _) if pages.contains(&path) => path.into(),
        (_, Some(folder)) if folders.contains(&folder) => format!("{folder}…"),
        _ => OTHER.into(),
    };
    addresses.keys().map(|address| (address.clone(), name(address))).collect()
}

/// Those with the most answers, among those with enough of them for a score.
fn biggest<'a>(counted: &BTreeMap<&'a str, u64>) -> Vec<&'a str> {
    let mut enough: Vec<(&str, u64)> = counted.iter().map(|(name, n)| (*name, *n)).collect();
    enough.retain(|(name, n)| !name.is_empty() && matches!(State::of(*n), State::Early | State::Ok));
    enough.sort_by_key(|(_, n)| Reverse(*n));
    enough.into_iter().take(NAMES_MAX).map(|(name, _)| name).collect()
}

/// The path alone, and without a slash at its end.
fn path(address: &str) -> &str {
    let path = address.split(['?', '#']).next().unwrap_or_default();
    match path.trim_end_matches('/') {
        "" if path.is_empty() => "",
        "" => "/",
        path => path,
    }
}

/// `/products/` of `/products/boots`; none of what lies in no folder.
fn folder(path: &str) -> Option<&str> {
    let end = path.get(1..)?.find('/')? + 2;
    path.get(..end)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn told(counted: &[(&str, u64)]) -> BTreeMap<String, u64> {
        let addresses: BTreeMap<String, u64> = counted.iter().map(|(page, n)| ((*page).into(), *n)).collect();
        let mut told = BTreeMap::new();
        for (address, name) in names(&addresses) {
            *told.entry(name).or_default() += addresses[&address];
        }
        told
    }

    #[test]
    fn pages_with_answers_stand_by_themselves_and_others_in_their_folder() {
        let told = told(&[
            ("/products/boots", 40),
            ("/products/boots/", 3),
            ("/products/boots?colour=red", 2),
            ("/products/boots#reviews", 1),
            ("/products/derby", 9),
            ("/products/loafer", 8),
            ("/orders/1001", 2),
            ("/", 20),
            ("/impressum", 4),
            ("", 5),
            ("?q=1", 1),
            ("no path", 1),
        ]);
        let expected =
            [("/", 20), ("/products/boots", 46), ("/products/…", 17), ("other", 2 + 4 + 1), ("unknown", 6)];
        assert_eq!(told, expected.map(|(name, n)| (name.to_owned(), n)).into());
    }

    #[test]
    fn however_many_addresses_there_are_the_names_are_few() {
        let pages: Vec<String> = (0..5_000).map(|n| format!("/folder{}/{n}", n % 70)).collect();
        let counted: Vec<(&str, u64)> =
            pages.iter().zip(0..).map(|(page, n)| (page.as_str(), n % 13)).collect();
        let told = told(&counted);
        assert_eq!(told.len(), 2 * NAMES_MAX + 1, "{told:?}");
        assert_eq!(told.values().sum::<u64>(), counted.iter().map(|(_, n)| n).sum::<u64>());
    }

    #[test]
    fn what_is_no_path_breaks_nothing() {
        for address in ["/", "//", "///", "/ü/é", "ü/é", "…", "/…/…", " ", "?", "#", "/?", "a/b/c"]
        {
            assert_eq!(told(&[(address, 50)]).len(), 1, "{address}");
        }
        assert_eq!((path("//"), folder("//a"), folder("/a"), folder("")), ("/", Some("//"), None, None));
    }
}
