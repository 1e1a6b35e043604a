//! Where a customer's clock is, from where their parcel goes: shops tell no time zone.

use jiff::tz::TimeZone;

use crate::store::ShopOrder;

/// `IT,Europe/Rome` and `US-CA,America/Los_Angeles`, sorted by the region.
///
/// Countries after `zone.tab` of the IANA Time Zone Database (public domain); of a country with several zones the one in
/// which most people live, and of the widest ones that of each province, by the same.
const ZONES: &str = include_str!("zones.csv");

/// The zone that the shop told, or else that of the country and province; none where neither is known.
pub fn zone(order: &ShopOrder) -> Option<TimeZone> {
    let told = order.zone.as_ref().map(|zone| &*zone.value);
    let region = order.region.as_ref().map(|region| &*region.value);
    let known = told.and_then(|name| TimeZone::get(name).ok());
    known.or_else(|| TimeZone::get(name_of(region?)?).ok())
}

/// The name of the zone of a region such as `IT`, `IT-TO` or `US-CA`: of the province, or else of the country.
fn name_of(region: &str) -> Option<&'static str> {
    let named = |wanted: &str| {
        ZONES.lines().filter_map(|line| line.split_once(',')).find(|(region, _)| *region == wanted)
    };
    let country = region.split_once('-').map_or(region, |(country, _)| country);
    named(region).or_else(|| named(country)).map(|(_, zone)| zone)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::store::Known;

    #[test]
    fn every_zone_is_one_and_no_region_stands_there_twice() {
        let all: Vec<_> = ZONES.lines().map(|line| line.split_once(',').unwrap()).collect();
        for (region, zone) in &all {
            assert!(TimeZone::get(zone).is_ok(), "{region}: {zone}");
        }
        assert!(all.is_sorted_by(|one, next| one.0 < next.0));
        assert!(all.len() > 250);
    }

    #[test]
    fn what_the_shop_tells_counts_and_then_where_the_parcel_goes() {
        let known = |text: Option<&str>| text.map(|text| Known { as_of: 0, value: text.to_owned() });
        for (told, region, expected) in [
            (None, None, None),
            (Some("Asia/Tokyo"), Some("IT-TO"), Some("Asia/Tokyo")),
            (Some("Mars/Base"), Some("IT-TO"), Some("Europe/Rome")),
            (None, Some("IT-TO"), Some("Europe/Rome")),
            (None, Some("JP"), Some("Asia/Tokyo")),
            (None, Some("US-CA"), Some("America/Los_Angeles")),
            (None, Some("US-NY"), Some("America/New_York")),
            (None, Some("US-ZZ"), Some("America/Chicago")),
            (None, Some("CA-BC"), Some("America/Vancouver")),
            (None, Some("AU-WA"), Some("Australia/Perth")),
            (None, Some("ES-TF"), Some("Atlantic/Canary")),
            (None, Some("XX"), None),
            (None, Some("Europe"), None),
        ] {
            let order = ShopOrder { zone: known(told), region: known(region), ..ShopOrder::default() };
            let found = zone(&order);
            assert_eq!(found.as_ref().and_then(TimeZone::iana_name), expected, "{told:?} {region:?}");
        }
    }
}
