use super::*;

const DAY: Millis = DAY_MS;

fn entry(id: &str, revision: u32, saved: Millis) -> Entry {
    Entry::new(id, revision, "{\"score\":9}".into(), saved)
}

fn outbox(entries: &[Entry]) -> Outbox {
    Outbox { entries: entries.to_vec(), dropped: 0 }
}

#[test]
fn a_status_decides_what_becomes_of_an_entry() {
    for (statuses, verdict) in [
        (&[200, 201, 204, 409][..], Verdict::Forget),
        (&[400, 403, 413, 415, 422], Verdict::Refuse),
        (&[404, 410], Verdict::Stop),
        (&[0, 301, 401, 408, 418, 429, 500, 502, 503, 504], Verdict::Keep),
    ] {
        for &status in statuses {
            assert_eq!(Verdict::of(status), verdict, "{status}");
        }
    }
}

#[test]
fn the_stored_form_round_trips_and_damage_is_no_entry() {
    let kept = Entry { attempts: 3, due: 1_795_255_200_000, ..entry("019a-b", 2, 1_795_255_100_000) };
    assert_eq!(kept.name, "019a-b.2");
    assert_eq!(kept.encode(), "3 1795255200000 1795255100000 {\"score\":9}");
    assert_eq!(Entry::parse("019a-b.2", &kept.encode()), Some(kept));
    for (name, line) in [("", ""), ("a.1", "0 1 {}"), ("a.1", "0 1 1 {\"half"), ("a.1", "x 1 1 {}")] {
        assert_eq!(Entry::parse(name, line), None, "{name} {line}");
    }
}

#[test]
fn the_moment_of_sending_joins_the_body() {
    let body = entry("a", 1, 0).body_sent_at("2026-11-21T10:00:02.000Z");
    assert_eq!(body, "{\"score\":9,\"sent_at\":\"2026-11-21T10:00:02.000Z\"}");
}

#[test]
fn a_later_revision_replaces_an_earlier_one_unless_that_is_on_its_way() {
    for (taken, expected_gone) in [(false, &["a.1".to_owned()][..]), (true, &[])] {
        let mut outbox = outbox(&[entry("a", 1, 0)]);
        if taken {
            outbox.take_due(0, LEASE_MS);
        }
        assert_eq!(outbox.add(entry("a", 2, 0), 0), expected_gone);
        assert_eq!(outbox.entries.len(), 2 - expected_gone.len());
    }
    let mut other = outbox(&[entry("b", 1, 0)]);
    assert!(other.add(entry("a", 2, 0), 0).is_empty(), "another response is left alone");
}

#[test]
fn at_most_20_entries_and_7_days_the_oldest_dropped_and_counted() {
    let mut outbox = Outbox::default();
    for n in 0..25 {
        let gone = outbox.add(entry(&format!("r-{n}"), 1, n), n);
        assert_eq!(gone, (n >= 20).then(|| format!("r-{}.1", n - 20)).into_iter().collect::<Vec<_>>());
    }
    assert_eq!((outbox.entries.len(), outbox.dropped), (20, 5));
    let gone = outbox.add(entry("late", 1, 7 * DAY + 15), 7 * DAY + 15);
    assert_eq!((gone.len(), outbox.dropped), (10, 15), "those of 5 to 14 ms are older than a week");
}

#[test]
fn what_is_on_its_way_is_not_sent_again_and_other_tabs_leave_it() {
    let mut outbox = outbox(&[entry("a", 1, 1_000)]);
    assert_eq!(outbox.wait(900), Some(100));
    assert!(outbox.take_due(900, LEASE_MS).is_none());
    let sent = outbox.take_due(1_000, LEASE_MS).unwrap();
    assert_eq!((sent.attempts, sent.due, sent.in_flight), (1, 1_000 + LEASE_MS, true));
    assert!(outbox.take_due(DAY, LEASE_MS).is_none());
    assert_eq!(outbox.wait(DAY), None);
}

#[test]
fn failures_wait_longer_each_time_and_never_less_than_asked() {
    for (attempts, jitter, retry_after_s, wait) in [
        (1, 0, 0, 1_000),
        (1, 1000, 0, 2_000),
        (2, 500, 0, 3_000),
        (4, 0, 0, 8_000),
        (9, 1000, 0, 300_000),
        (u32::MAX, 1000, 0, 300_000),
        (1, 0, 60, 60_000),
        (9, 1000, 1, 300_000),
    ] {
        let mut outbox = outbox(&[Entry { attempts, in_flight: true, ..entry("a", 1, 0) }]);
        let kept = outbox.settle("a.1", Verdict::Keep, retry_after_s, 0, jitter).unwrap();
        assert_eq!((kept.due, kept.in_flight), (wait, false), "{attempts} {jitter} {retry_after_s}");
    }
}

#[test]
fn only_the_acknowledged_revision_is_forgotten() {
    let mut outbox = outbox(&[entry("a", 1, 0), entry("a", 2, 0)]);
    assert!(outbox.settle("a.1", Verdict::Forget, 0, 0, 0).is_none());
    assert_eq!(outbox.entries.iter().map(|entry| &entry.name).collect::<Vec<_>>(), ["a.2"]);
    assert!(outbox.settle("a.2", Verdict::Stop, 0, 0, 0).is_none());
    assert!(outbox.is_empty());
}

#[test]
fn when_the_network_is_back_all_that_waits_is_due() {
    let mut outbox = outbox(&[Entry { due: DAY, ..entry("a", 1, 0) }]);
    outbox.hurry(5);
    assert_eq!(outbox.take_due(5, LEASE_MS).map(|entry| entry.name.as_str()), Some("a.1"));
}
