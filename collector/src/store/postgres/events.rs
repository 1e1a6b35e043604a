//! What became of questions: numbers in, numbers out.

use std::collections::BTreeMap;
use std::ops::Range;

use parere_shared::event::EventKind;
use parere_shared::response::ResponseId;

use super::append::{hold_places, uuid};
use super::failure::Failure;
use super::reach::{Reader, Transaction};
use crate::auth::SiteScope;
use crate::store::{Dimension, Event, EventCount, Flags};

const COUNT: &str = "
    INSERT INTO daily_events (site, survey, day, kind, instrument, channel, locale, device, touchpoint, n)
    SELECT $1::text, * FROM unnest(
      $2::text[], $3::int[], $4::text[], $5::text[], $6::text[], $7::text[], $8::text[], $9::text[], $10::bigint[])
    ON CONFLICT (site, survey, day, kind, instrument, channel, locale, device, touchpoint)
    DO UPDATE SET n = daily_events.n + excluded.n";

const BY_VALUE: &str = "
    SELECT CASE $3::text
        WHEN 'day' THEN day::text
        WHEN 'channel' THEN channel
        WHEN 'locale' THEN locale
        WHEN 'device' THEN device
        WHEN 'touchpoint' THEN touchpoint
        ELSE '' END AS value,
      kind, sum(n)::bigint
    FROM daily_events
    WHERE site = $1 AND survey = $2 AND day >= $4 AND day < $5
    GROUP BY 1, 2";

const NOTE_FOLLOWED: &str = "
    UPDATE responses SET flags = flags | $3 WHERE site = $1 AND id = $2 AND (flags & $3) = 0";

/// Adds to what is counted, in the order of the keys: whoever writes the same ones at the same time does, too.
pub(super) async fn count(transaction: &Transaction<'_>, counts: &[(Event, u64)]) -> Result<(), Failure> {
    let mut of_site: BTreeMap<&str, Vec<&(Event, u64)>> = BTreeMap::new();
    for count in counts {
        of_site.entry(&count.0.site).or_default().push(count);
    }
    let statement = transaction.prepare_cached(COUNT).await?;
    for (site, mut counts) in of_site {
        transaction.go_on_to(site).await?;
        counts.sort();
        let texts = |of: for<'e> fn(&'e Event) -> &'e str| -> Vec<&str> {
            counts.iter().map(|(event, _)| of(event)).collect()
        };
        let days: Vec<i32> = counts.iter().map(|(event, _)| event.day).collect();
        let n: Vec<i64> = counts.iter().map(|(_, n)| i64::try_from(*n).unwrap_or(i64::MAX)).collect();
        let (surveys, kinds) = (texts(|event| &event.survey), texts(|event| event.kind.as_str()));
        let (instruments, channels) = (texts(|event| &event.instrument), texts(|event| event.channel));
        let (locales, devices) = (texts(|event| &event.locale), texts(|event| event.device));
        let touchpoints = texts(|event| &event.touchpoint);
        transaction
            .execute(
                &statement,
                &[
                    &site,
                    &surveys,
                    &days,
                    &kinds,
                    &instruments,
                    &channels,
                    &locales,
                    &devices,
                    &touchpoints,
                    &n,
                ],
            )
            .await?;
    }
    Ok(())
}

/// Was it not noted before? Whether the reply to a commit was lost, nobody knows: then it is not counted, sooner than twice.
pub(super) async fn note_followed(
    transaction: &Transaction<'_>,
    site: &str,
    id: ResponseId,
) -> Result<bool, Failure> {
    // Nobody revises the answer meanwhile, with the flags that it had.
    hold_places(transaction, site, 0).await?;
    let noted = i64::from(Flags::FOLLOWED.0);
    Ok(transaction.execute(NOTE_FOLLOWED, &[&site, &uuid(id), &noted]).await? == 1)
}

pub(super) async fn read(
    reader: Reader<'_>,
    scope: &SiteScope,
    survey: &str,
    days: &Range<i32>,
    dimension: Dimension,
) -> Result<Vec<EventCount>, Failure> {
    let key = if dimension == Dimension::Day { "day" } else { dimension.as_str() };
    let rows = reader.query(BY_VALUE, &[&scope.site(), &survey, &key, &days.start, &days.end]).await?;
    rows.iter()
        .map(|row| {
            let (kind, n): (String, i64) = (row.try_get(1)?, row.try_get(2)?);
            let unknown = || Failure::Unreadable(format!("{n} events of the kind {kind}"));
            Ok(EventCount {
                key: row.try_get(0)?,
                kind: EventKind::parse(&kind).ok_or_else(unknown)?,
                n: u64::try_from(n).map_err(|_| unknown())?,
            })
        })
        .collect()
}
