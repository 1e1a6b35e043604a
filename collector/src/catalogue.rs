//! Sites and surveys as every request sees them: an immutable picture in memory, replaced when one changes.
//!
//! A change made through this collector is in the picture before it is acknowledged;
//! one made by another process is seen by the store's version, which is looked at every [`LOOK_EVERY`].

use std::collections::BTreeMap;
use std::sync::atomic::{AtomicI64, Ordering};
use std::sync::{Arc, PoisonError, RwLock};
use std::time::Duration;

use jiff::tz::TimeZone;
use parere_shared::gate::Zone;
use parere_shared::instrument::Instrument;
use parere_shared::survey::Survey;
use parere_shared::time::Millis;
use parere_shared::violation::Rule;
use tokio::sync::Mutex;

use crate::assets::Assets;
use crate::clock::Clock;
use crate::quota;
use crate::store::{Site, Store, Version};
use crate::tag::Tag;

/// How often other processes' changes are looked for: one small row, read once a second.
pub const LOOK_EVERY: Duration = Duration::from_secs(1);

/// A site with its surveys and the tag that asks them.
#[derive(Debug)]
pub struct SiteEntry {
    /// The site.
    pub site: Site,
    /// Where its days begin.
    pub zone: TimeZone,
    /// How far that is from UTC, around now.
    pub offsets: Zone,
    /// Its surveys, in the order they were made.
    pub surveys: Vec<SurveyEntry>,
    /// What its pages download.
    pub tag: Arc<Tag>,
}

/// A survey with everything it was ever asked with.
#[derive(Debug)]
pub struct SurveyEntry {
    /// The definition.
    pub survey: Survey,
    /// Every instrument, by id.
    pub instruments: BTreeMap<String, Instrument>,
    /// The id of today's, for each of its languages: made once, not for each answer.
    pub current: BTreeMap<String, String>,
    /// What it asked from when on, the oldest first.
    pub versions: Vec<Version>,
    /// Are all the answers there that are wanted, in all or for today? Then it is not asked.
    pub is_quota_met: bool,
}

impl SurveyEntry {
    /// A survey with everything it was ever asked with.
    pub fn new(survey: Survey, instruments: BTreeMap<String, Instrument>, versions: Vec<Version>) -> Self {
        let id = |language: &String| (language.clone(), survey.instrument(language).id());
        let current = survey.languages.iter().map(id).collect();
        Self { survey, instruments, current, versions, is_quota_met: false }
    }

    /// The id of the instrument that is shown today to whoever wants `language`.
    pub fn instrument(&self, language: &str) -> String {
        self.current.get(language).cloned().unwrap_or_else(|| self.survey.instrument(language).id())
    }

    /// Was this share of shoppers, in thousandths, asked at `since` or later?
    pub fn asked_share_since(&self, per_mille: u16, since: Millis) -> bool {
        let ends = self.versions.iter().skip(1).map(|next| next.since).chain([Millis::MAX]);
        let mut lately = self.versions.iter().zip(ends).filter(|(_, end)| *end > since);
        self.survey.targeting.sample_per_mille == per_mille
            || lately.any(|(version, _)| version.per_mille == Some(per_mille))
    }
}

impl SiteEntry {
    /// The survey of this slug.
    pub fn survey(&self, slug: &str) -> Option<&SurveyEntry> {
        self.surveys.iter().find(|entry| entry.survey.slug == slug)
    }

    /// The local day of a moment, since 1970-01-01.
    pub fn day_of(&self, moment: Millis) -> i32 {
        day_of(moment, &self.zone)
    }
}

/// The local day of a moment in `zone`, since 1970-01-01.
pub fn day_of(moment: Millis, zone: &TimeZone) -> i32 {
    let timestamp = jiff::Timestamp::from_millisecond(moment).unwrap_or_default();
    days_since_1970(timestamp.to_zoned(zone.clone()).date())
}

/// Days from 1970-01-01 to `date`.
pub fn days_since_1970(date: jiff::civil::Date) -> i32 {
    let span = date - jiff::civil::date(1970, 1, 1);
    span.get_days()
}

/// The date `days` after 1970-01-01.
pub fn date_of(days: i32) -> jiff::civil::Date {
    use jiff::ToSpan as _;
    jiff::civil::date(1970, 1, 1).saturating_add(days.days())
}

type Sites = BTreeMap<String, Arc<SiteEntry>>;

/// The picture, and how to renew it.
pub struct Catalogue {
    store: Arc<dyn Store>,
    assets: Assets,
    clock: Arc<dyn Clock>,
    sites: RwLock<Arc<Sites>>,
    /// The store's version that the picture shows, or an older one.
    version: AtomicI64,
    /// One reads at a time: who began earlier must not put an older picture over a newer one.
    reading: Mutex<()>,
}

impl Catalogue {
    /// Reads everything from `store`.
    pub async fn load(store: Arc<dyn Store>, assets: Assets, clock: Arc<dyn Clock>) -> anyhow::Result<Self> {
        let catalogue = Self {
            store,
            assets,
            clock,
            sites: RwLock::default(),
            version: AtomicI64::default(),
            reading: Mutex::default(),
        };
        catalogue.reload().await?;
        Ok(catalogue)
    }

    /// Reads everything again, after a change; from time to time, too, since browsers are told how far zones are from UTC.
    pub async fn reload(&self) -> anyhow::Result<()> {
        let _reading = self.reading.lock().await;
        // Read first: what changes while the rest is read is seen at the next look.
        let version = self.store.catalogue_version().await?;
        let (sites, surveys, instruments) =
            (self.store.sites().await?, self.store.surveys().await?, self.store.instruments().await?);
        let mut of_survey: BTreeMap<(String, String), BTreeMap<String, Instrument>> = BTreeMap::new();
        for (site, survey, id, instrument) in instruments {
            of_survey.entry((site, survey)).or_default().insert(id, instrument);
        }
        let mut versions_of: BTreeMap<(String, String), Vec<Version>> = BTreeMap::new();
        for (site, survey, version) in self.store.versions().await? {
            versions_of.entry((site, survey)).or_default().push(version);
        }
        let mut entries: BTreeMap<String, Vec<SurveyEntry>> = BTreeMap::new();
        for (site, survey) in surveys {
            let place = (site.clone(), survey.slug.clone());
            let instruments = of_survey.remove(&place).unwrap_or_default();
            let versions = versions_of.remove(&place).unwrap_or_default();
            entries.entry(site).or_default().push(SurveyEntry::new(survey, instruments, versions));
        }
        let before = self.all();
        let mut all = Sites::new();
        for site in sites {
            let zone = zone(&site.zone);
            let offsets = offsets(&zone, self.clock.now());
            let mut surveys = entries.remove(&site.key).unwrap_or_default();
            let today = day_of(self.clock.now(), &zone);
            for entry in &mut surveys {
                entry.is_quota_met = quota::is_met(&*self.store, &site.key, &entry.survey, today).await?;
            }
            let definitions: Vec<Survey> = wanted(&surveys).cloned().collect();
            // Making a tag means packing it as small as it gets: only where something has changed.
            let same = before.get(&site.key).filter(|old| {
                old.offsets == offsets
                    && old.site.consent_needed == site.consent_needed
                    && wanted(&old.surveys).eq(&definitions)
            });
            let tag = match same {
                Some(old) => Arc::clone(&old.tag),
                None => Arc::new(Tag::new(&site, &definitions, offsets, &self.assets)?),
            };
            let entry = SiteEntry { site, zone, offsets, surveys, tag };
            all.insert(entry.site.key.clone(), Arc::new(entry));
        }
        *self.sites.write().unwrap_or_else(PoisonError::into_inner) = Arc::new(all);
        self.version.store(version, Ordering::Relaxed);
        Ok(())
    }

    /// Stops asking where a quota has been met since the last look, and starts again where a new day makes room.
    pub async fn look_at_quotas(&self) -> anyhow::Result<()> {
        for (key, site) in self.all().iter() {
            let today = site.day_of(self.clock.now());
            for entry in &site.surveys {
                if quota::is_met(&*self.store, key, &entry.survey, today).await? != entry.is_quota_met {
                    return self.reload().await;
                }
            }
        }
        Ok(())
    }

    /// Reads everything again if somebody else has changed something.
    pub async fn follow(&self) -> anyhow::Result<()> {
        let version = self.store.catalogue_version().await?;
        if version == self.version.load(Ordering::Relaxed) { Ok(()) } else { self.reload().await }
    }

    /// The site of this key.
    pub fn site(&self, key: &str) -> Option<Arc<SiteEntry>> {
        self.all().get(key).cloned()
    }

    /// Every site, by key.
    pub fn all(&self) -> Arc<Sites> {
        Arc::clone(&self.sites.read().unwrap_or_else(PoisonError::into_inner))
    }
}

/// Surveys that still want answers.
fn wanted(surveys: &[SurveyEntry]) -> impl Iterator<Item = &Survey> {
    surveys.iter().filter(|entry| !entry.is_quota_met).map(|entry| &entry.survey)
}

/// How far `zone` is from UTC at `now`, and after its next change.
fn offsets(zone: &TimeZone, now: Millis) -> Zone {
    let timestamp = jiff::Timestamp::from_millisecond(now).unwrap_or_default();
    let minutes = |offset: jiff::tz::Offset| offset.seconds() / 60;
    let offset_min = minutes(zone.to_offset(timestamp));
    match zone.following(timestamp).next() {
        Some(change) => Zone {
            offset_min,
            change_ms: change.timestamp().as_millisecond(),
            then_min: minutes(change.offset()),
        },
        None => Zone { offset_min, change_ms: 0, then_min: offset_min },
    }
}

/// The proper name of a zone: `europe/rome` is taken, too.
pub(crate) fn zone_name(name: &str) -> Result<String, Rule> {
    let known = TimeZone::get(name).ok().filter(|zone| !zone.is_unknown());
    let proper = known.as_ref().and_then(TimeZone::iana_name).map(Into::into);
    proper.ok_or(Rule::Format("an IANA time zone such as Europe/Rome or UTC"))
}

/// A site's zone was checked when it was written; should the name be gone from a newer database, its days begin in UTC.
pub(crate) fn zone(name: &str) -> TimeZone {
    TimeZone::get(name).unwrap_or_else(|error| {
        tracing::warn!("the time zone {name} is not known here, using UTC: {error}");
        TimeZone::UTC
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_next_change_of_a_zone_is_known() {
        // 21 November 2026; clocks in Rome go forward on 28 March 2027 at 01:00 UTC.
        let now = 1_795_255_200_000;
        let rome = Zone { offset_min: 60, change_ms: 1_806_195_600_000, then_min: 120 };
        assert_eq!(offsets(&zone("Europe/Rome"), now), rome);
        assert_eq!(offsets(&zone("Asia/Tokyo"), now), Zone { offset_min: 540, change_ms: 0, then_min: 540 });
        assert_eq!(offsets(&TimeZone::UTC, now), Zone::default());
    }
}
