//! What is stored on a person beside answers, a JSON line for each: before the answers, and not counted with them.

use std::cmp::Reverse;
use std::collections::{BTreeMap, BTreeSet};

use parere_shared::time::{self, Millis};
use serde_json::{Value, json};

use crate::app::App;
use crate::auth::SiteScope;
use crate::erasure::Whose;
use crate::error::ApiError;
use crate::store::{CaseRow, Hash, Invitation, Person, Placed, Plan, Segment, ShopOrder, Ticket};

/// Most lines of one kind that are told: many more than anybody has.
const TOLD_MAX: usize = 1_000;

/// The lines of a person: each thing once, by whatever it was found.
pub(super) async fn lines(app: &App, scope: &SiteScope, whose: &Whose) -> Result<String, ApiError> {
    let (mut orders, mut tickets) = (BTreeMap::new(), BTreeMap::new());
    let (mut invitations, mut plans) = (BTreeMap::new(), BTreeMap::new());
    let store = &app.store;
    if let Some(held) = &whose.address {
        let found = store.addresses().invitations_to(scope, &held.person).await?;
        invitations.extend(found.into_iter().map(|invitation| (Reverse(invitation.id), invitation)));
    }
    for person in &whose.people {
        orders.extend(store.orders().orders_of(scope, person).await?);
        for ticket in store.tickets().tickets_of(scope, person).await? {
            tickets.insert((ticket.source.clone(), ticket.id.clone()), ticket);
        }
        let found = store.invitations().invitations_of(scope, person, TOLD_MAX).await?;
        invitations.extend(found.into_iter().map(|invitation| (Reverse(invitation.id), invitation)));
        let found = store.rules().plans_of(scope, person, TOLD_MAX).await?;
        plans.extend(found.into_iter().map(|plan| (plan.key.clone(), plan)));
    }
    let subjects = orders.values().filter_map(ShopOrder::subject);
    let subjects: BTreeSet<Hash> =
        subjects.chain(whose.people.iter().filter_map(|person| person.subject)).collect();
    let segments = store.segments().segments_of(scope, &subjects.into_iter().collect::<Vec<_>>()).await?;
    let happenings = happenings(app, scope, whose, &orders).await?;
    let cases = cases(app, scope, whose).await?;
    let invitations: Vec<_> = invitations.into_values().collect();
    let told = [
        order_lines(&orders),
        segment_lines(&segments),
        tickets.values().map(ticket_line).collect::<Result<String, ApiError>>()?,
        invitation_lines(&invitations, app.clock.now()),
        happening_lines(&happenings),
        plan_lines(&plans.into_values().collect::<Vec<_>>()),
        case_lines(&cases),
    ];
    Ok(told.concat())
}

/// What happened to a person or to one of their orders, in the order in which it was told.
async fn happenings(
    app: &App,
    scope: &SiteScope,
    whose: &Whose,
    orders: &BTreeMap<String, ShopOrder>,
) -> Result<Vec<Placed>, ApiError> {
    let of_order = |order: &String| Person { subject: None, order_ref: Some(order.clone()) };
    let mut found = BTreeMap::new();
    for person in whose.people.iter().cloned().chain(orders.keys().map(of_order)) {
        let theirs = app.store.happenings().happenings_of(scope, &person, TOLD_MAX).await?;
        found.extend(theirs.into_iter().map(|placed| (placed.seq, placed)));
    }
    Ok(found.into_values().collect())
}

/// The cases of a person's answers, the earliest first.
async fn cases(app: &App, scope: &SiteScope, whose: &Whose) -> Result<Vec<CaseRow>, ApiError> {
    let store = app.store.cases();
    let mut found = Vec::new();
    for person in &whose.people {
        found.extend(store.cases_of(scope, person, TOLD_MAX).await?);
    }
    // Answers that are theirs by an address alone are named one by one.
    for id in whose.answers.ids.iter().flatten() {
        found.extend(store.case(scope, *id).await?);
    }
    found.sort_by_key(|row| (row.case.opened_at, row.case.response));
    found.dedup_by_key(|row| row.case.response);
    Ok(found)
}

/// A line for each happening, in the words of who told it: `{"happening": …}`.
fn happening_lines(happenings: &[Placed]) -> String {
    let line = |Placed { happening, .. }: &Placed| {
        let told = json!({
            "happened": happening.kind, "at": time::format(happening.at), "source": happening.source,
            "told_at": time::format(happening.received_at), "ref": happening.order, "ticket": happening.ticket,
            "properties": happening.properties,
        });
        format!("{}\n", json!({"happening": told}))
    };
    happenings.iter().map(line).collect()
}

/// A line for each case, with what was noted of the customer: `{"case": …}`; whose work it is, is no part of it.
fn case_lines(cases: &[CaseRow]) -> String {
    let line = |CaseRow { case, .. }: &CaseRow| {
        let told = json!({
            "id": case.response.encode(), "survey": case.survey, "opened_at": time::format(case.opened_at),
            "due_at": time::format(case.due_at), "status": case.status, "outcome": case.outcome,
            "followed_up_at": case.followed_up_at.map(time::format),
            "closed_at": case.closed_at.map(time::format), "note": case.note,
        });
        format!("{}\n", json!({"case": told}))
    };
    cases.iter().map(line).collect()
}

/// A line for each order, with what is known of it: `{"_order": …}`.
fn order_lines(orders: &BTreeMap<String, ShopOrder>) -> String {
    let line = |(order, known): (&String, &ShopOrder)| {
        format!("{}\n", json!({"_order": {"order": order, "known": known}}))
    };
    orders.iter().map(line).collect()
}

/// A line for what lists say of the person: `{"segments": …}`.
fn segment_lines(segments: &[Segment]) -> String {
    let line = |segment: &Segment| {
        let told = json!({"attributes": segment.attributes, "at": time::format(segment.at)});
        format!("{}\n", json!({"segments": told}))
    };
    segments.iter().map(line).collect()
}

/// A line for each happening that a rule has looked at: `{"plan": …}`.
fn plan_lines(plans: &[Plan]) -> String {
    let line = |plan: &Plan| {
        let told = json!({
            "rule": plan.rule, "happened": plan.cause.kind, "at": time::format(plan.cause.at), "ref": plan.cause.order,
            "ticket": plan.cause.ticket, "state": plan.state, "why": plan.why,
        });
        format!("{}\n", json!({"plan": told}))
    };
    plans.iter().map(line).collect()
}

/// A line for each invitation: `{"invitation": …}`.
fn invitation_lines(invitations: &[Invitation], now: Millis) -> String {
    let line = |invitation: &Invitation| format!("{}\n", json!({"invitation": told_of(invitation, now)}));
    invitations.iter().map(line).collect()
}

fn told_of(invitation: &Invitation, now: Millis) -> Value {
    json!({
        "id": invitation.id.encode(), "survey": invitation.survey, "channel": invitation.channel,
        "key": invitation.key, "ref": invitation.order_ref, "ticket": invitation.ticket,
        "address": invitation.address, "locale": invitation.locale, "state": invitation.standing(now),
        "created_at": time::format(invitation.created_at), "sent_at": invitation.sent_at.map(time::format),
        "answered_at": invitation.answered_at.map(time::format),
    })
}

/// All that is kept of a ticket, as a line.
fn ticket_line(ticket: &Ticket) -> Result<String, ApiError> {
    let happened: Vec<_> =
        ticket.happened.iter().map(|(at, event)| json!({"event": event, "at": time::format(*at)})).collect();
    let line = json!({
        "ticket": ticket.id,
        "source": ticket.source,
        "channel": ticket.channel.as_ref().map(|(_, channel)| channel),
        "tags": ticket.tags.as_ref().map(|(_, tags)| tags),
        "ref": ticket.order_ref.as_ref().map(|(_, order)| order),
        "happened": happened,
    });
    Ok(serde_json::to_string(&line).map_err(anyhow::Error::from)? + "\n")
}
