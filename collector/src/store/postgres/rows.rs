//! Answers out, a page at a time.

use parere_shared::response::{Channel, Device, ResponseId};
use parere_shared::score::Band;
use parere_shared::survey::Metric;
use parere_shared::time::Millis;
use tokio_postgres::types::ToSql;
use uuid::Uuid;

use super::append::{narrowed, uuid};
use super::failure::Failure;
use super::reach::Reader;
use crate::auth::SiteScope;
use crate::store::{Filter, Flags, Order, Row, Search, Seq, StoredRow};

/// Some columns of the answers of one site that match a filter. Text is compared with ASCII letters folded and
/// nothing else, whatever the database takes for a letter.
macro_rules! matching {
    ($columns:literal, $beyond:literal) => {
        concat!(
            $columns,
            "FROM responses
            WHERE site = $1
              AND ($2::text IS NULL OR survey = $2)
              AND ($3::bigint IS NULL OR received_at_ms >= $3)
              AND ($4::bigint IS NULL OR received_at_ms < $4)
              AND seq <= $5
              AND ($6::text IS NULL OR strpos(
                translate(comment, 'ABCDEFGHIJKLMNOPQRSTUVWXYZ', 'abcdefghijklmnopqrstuvwxyz'), $6) > 0)
              AND ($7::bigint IS NULL OR (flags & $7) <> 0)
              AND ($8::text IS NULL OR band = $8)
              AND ($9::text IS NULL OR locale = $9)
              AND ($10::text IS NULL OR channel = $10)
              AND ($11::text IS NULL OR left(page, length($11)) = $11)
              AND ($12::uuid[] IS NULL OR id = ANY ($12))
              AND (($13::bytea IS NULL AND $14::text IS NULL) OR subject = $13 OR ref = $14)
              AND ",
            $beyond
        )
    };
}

pub(super) use matching;

macro_rules! page {
    ($beyond:literal) => {
        matching!(
            "SELECT
              seq, id, survey, metric, instrument, revision, score, band, comment, choices, locale, channel,
              touchpoint, device, page, ref, attributes, test, flags, inclusion, occurred_at_ms, received_at_ms ",
            $beyond
        )
    };
}

const OLDEST_FIRST: &str = page!("seq > $15 ORDER BY seq ASC LIMIT $16");

const NEWEST_FIRST: &str = page!("seq < $15 ORDER BY seq DESC LIMIT $16");

const SEARCH_BACK: &str =
    page!("comment IS NOT NULL AND seq < $15 AND seq >= $17 ORDER BY seq DESC LIMIT $16");

const SEARCH_ON: &str = page!("comment IS NOT NULL AND seq > $15 AND seq <= $17 ORDER BY seq ASC LIMIT $16");

/// Where a search ends that looks at so many answers with a comment, newest first.
const LAST_BACK: &str = "
    SELECT seq, received_at_ms FROM responses
    WHERE site = $1 AND comment IS NOT NULL AND seq < $2 ORDER BY seq DESC LIMIT 1 OFFSET $3";

/// The same, oldest first.
const LAST_ON: &str = "
    SELECT seq, received_at_ms FROM responses
    WHERE site = $1 AND comment IS NOT NULL AND seq > $2 ORDER BY seq ASC LIMIT 1 OFFSET $3";

const HOW_MANY: &str = matching!("SELECT count(*) ", "seq > $15 LIMIT $16");

const LAST_SEQ: &str = "SELECT coalesce(max(seq), 0) FROM places WHERE site = $1";

/// A page beyond `after`; short reads, so that no snapshot is held while a slow client reads.
pub(super) async fn page(
    reader: Reader<'_>,
    scope: &SiteScope,
    filter: &Filter,
    order: Order,
    after: Option<Seq>,
    limit: usize,
) -> Result<Vec<StoredRow>, Failure> {
    let (text, from_the_end) = match order {
        Order::OldestFirst => (OLDEST_FIRST, Seq::MIN),
        Order::NewestFirst => (NEWEST_FIRST, Seq::MAX),
    };
    let wanted = Wanted::of(filter, after.unwrap_or(from_the_end), limit);
    let rows = reader.query(text, &wanted.parameters(&scope.site())).await?;
    rows.iter().map(read).collect()
}

/// Answers with a comment; see [`crate::store::Store::search`].
pub(super) async fn search(
    reader: Reader<'_>,
    scope: &SiteScope,
    filter: &Filter,
    order: Order,
    after: Option<Seq>,
    limit: usize,
    among: u32,
) -> Result<Search, Failure> {
    let (search, last, from_the_end, to_the_end) = match order {
        Order::OldestFirst => (SEARCH_ON, LAST_ON, Seq::MIN, Seq::MAX),
        Order::NewestFirst => (SEARCH_BACK, LAST_BACK, Seq::MAX, Seq::MIN),
    };
    let (site, after) = (scope.site(), after.unwrap_or(from_the_end));
    let passed = i64::from(among.max(1) - 1);
    let reached = reader.query(last, &[&site, &after, &passed]).await?.pop();
    let reached: Option<(Seq, Millis)> =
        reached.map(|row| Ok::<_, Failure>((row.try_get(0)?, row.try_get(1)?))).transpose()?;
    let end = reached.map_or(to_the_end, |(seq, _)| seq);
    let wanted = Wanted::of(filter, after, limit);
    let mut parameters = wanted.parameters(&site).to_vec();
    parameters.push(&end);
    let rows = reader.query(search, &parameters).await?;
    Ok(Search { rows: rows.iter().map(read).collect::<Result<_, _>>()?, reached })
}

/// How many answers match.
pub(super) async fn how_many(reader: Reader<'_>, scope: &SiteScope, filter: &Filter) -> Result<u64, Failure> {
    let wanted = Wanted::of(filter, Seq::MIN, usize::MAX);
    let n: i64 = reader.query_one(HOW_MANY, &wanted.parameters(&scope.site())).await?.try_get(0)?;
    Ok(n.unsigned_abs())
}

/// The parameters of a statement that is made with `matching!`.
pub(super) struct Wanted<'a> {
    filter: &'a Filter,
    seq_max: Seq,
    text: Option<String>,
    flags: Option<i64>,
    band: Option<&'static str>,
    channel: Option<&'static str>,
    ids: Option<Vec<Uuid>>,
    subject: Option<&'a [u8]>,
    order_ref: Option<&'a str>,
    beyond: Seq,
    limit: i64,
}

impl<'a> Wanted<'a> {
    pub(super) fn of(filter: &'a Filter, beyond: Seq, limit: usize) -> Self {
        Self {
            filter,
            seq_max: filter.seq_max.unwrap_or(Seq::MAX),
            text: filter.text.as_deref().map(str::to_ascii_lowercase),
            flags: filter.flags.map(|flags| flags.0.into()),
            band: filter.band.map(Band::as_str),
            channel: filter.channel.map(Channel::as_str),
            ids: filter.ids.as_ref().map(|ids| ids.iter().copied().map(uuid).collect()),
            subject: filter
                .person
                .as_ref()
                .and_then(|person| person.subject.as_ref().map(<[u8; 32]>::as_slice)),
            order_ref: filter.person.as_ref().and_then(|person| person.order_ref.as_deref()),
            beyond,
            limit: i64::try_from(limit).unwrap_or(i64::MAX),
        }
    }

    pub(super) fn parameters<'p>(&'p self, site: &'p &str) -> [&'p (dyn ToSql + Sync); 16] {
        let Filter { survey, from, to, locale, page, .. } = self.filter;
        [
            site,
            survey,
            from,
            to,
            &self.seq_max,
            &self.text,
            &self.flags,
            &self.band,
            locale,
            &self.channel,
            page,
            &self.ids,
            &self.subject,
            &self.order_ref,
            &self.beyond,
            &self.limit,
        ]
    }
}

/// The last place given out: all answers up to it are committed, since places are held until the commit.
pub(super) async fn last_seq(reader: Reader<'_>, scope: &SiteScope) -> Result<Seq, Failure> {
    Ok(reader.query_one(LAST_SEQ, &[&scope.site()]).await?.try_get(0)?)
}

fn read(row: &tokio_postgres::Row) -> Result<StoredRow, Failure> {
    let unknown = |name: &str| Failure::Unreadable(format!("unknown value {name}"));
    let id: Uuid = row.try_get(1)?;
    let metric: &str = row.try_get(3)?;
    let channel: Option<&str> = row.try_get(11)?;
    let device: Option<&str> = row.try_get(13)?;
    Ok(StoredRow {
        seq: row.try_get(0)?,
        row: Row {
            id: ResponseId::from_bytes(id.into_bytes()).ok_or_else(|| unknown("id"))?,
            survey: row.try_get(2)?,
            metric: Metric::parse(metric).ok_or_else(|| unknown(metric))?,
            instrument: row.try_get(4)?,
            revision: narrowed(row, 5)?,
            score: row.try_get(6)?,
            band: row.try_get(7)?,
            comment: row.try_get(8)?,
            choices: row.try_get(9)?,
            locale: row.try_get(10)?,
            channel: channel.map(|name| Channel::parse(name).ok_or_else(|| unknown(name))).transpose()?,
            touchpoint: row.try_get(12)?,
            device: device.map(|name| Device::parse(name).ok_or_else(|| unknown(name))).transpose()?,
            page: row.try_get(14)?,
            order_ref: row.try_get(15)?,
            attributes: row.try_get(16)?,
            test: row.try_get(17)?,
            flags: Flags(narrowed(row, 18)?),
            inclusion: row.try_get(19)?,
            occurred_at: row.try_get(20)?,
            received_at: row.try_get(21)?,
        },
    })
}
