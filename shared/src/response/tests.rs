use super::*;

const ID: &str = "019aa2b4-7c00-7abc-8def-0123456789ab";

fn valid() -> Response {
    Response {
        site: "pk_demo".into(),
        survey: "nps".into(),
        id: ID.into(),
        revision: 1,
        score: 9,
        ..Response::default()
    }
}

/// `(field, code)` of every violation.
fn broken(response: &Response) -> Vec<(String, &'static str)> {
    check(response).into_iter().map(|v| (v.field, v.rule.code())).collect()
}

#[test]
fn a_full_response_is_in_order() {
    let response = Response {
        comment: Some("Comode, «belle»\ne \"leggere\" 👟 مريح".into()),
        instrument: Some("0123456789abcdef".into()),
        locale: Some("it".into()),
        page: Some("/products/scarpe".into()),
        channel: Some(Channel::Inline),
        touchpoint: Some("product".into()),
        device: Some(Device::Phone),
        order_ref: Some("1001".into()),
        subject: Some("c-77".into()),
        attributes: [("plan".into(), "gold".into())].into(),
        inclusion: Some(0.25),
        occurred_at: Some("2026-11-21T10:00:00Z".into()),
        sent_at: Some("2026-11-21T10:00:02+01:00".into()),
        ..valid()
    };
    assert_eq!(broken(&response), []);
    assert_eq!(broken(&valid()), []);
}

#[test]
fn each_broken_rule_names_its_field() {
    let long = |chars: usize| "è".repeat(chars);
    let many: BTreeMap<_, _> = (0..33).map(|n| (n.to_string(), String::new())).collect();
    for (response, field, code) in [
        (Response { id: "019aa2b4".into(), ..valid() }, "id", "format"),
        (Response { id: "019aa2b4-7c00-4abc-8def-0123456789ab".into(), ..valid() }, "id", "format"),
        (Response { id: ID.replace('-', ""), ..valid() }, "id", "format"),
        (Response { revision: 0, ..valid() }, "revision", "out_of_range"),
        (Response { revision: 101, ..valid() }, "revision", "out_of_range"),
        (Response { comment: Some(long(4_001)), ..valid() }, "comment", "too_long"),
        (Response { comment: Some("\u{0}\u{7}".into()), ..valid() }, "comment", "control_character"),
        (Response { choices: vec![String::new(); 21], ..valid() }, "choices", "too_many"),
        (Response { instrument: Some("x".into()), ..valid() }, "instrument", "format"),
        (Response { locale: Some("Italiano!".into()), ..valid() }, "locale", "format"),
        (Response { page: Some(long(2_049)), ..valid() }, "page", "too_long"),
        (Response { touchpoint: Some(long(129)), ..valid() }, "touchpoint", "too_long"),
        (Response { order_ref: Some("\u{1b}".into()), ..valid() }, "ref", "control_character"),
        (Response { subject: Some(long(129)), ..valid() }, "subject", "too_long"),
        (Response { attributes: many, ..valid() }, "attributes", "too_many"),
        (
            Response { attributes: [("plan".into(), long(257))].into(), ..valid() },
            "attributes.plan",
            "too_long",
        ),
        (Response { attributes: [(String::new(), "x".into())].into(), ..valid() }, "attributes", "format"),
        (Response { inclusion: Some(0.0), ..valid() }, "inclusion", "format"),
        (Response { inclusion: Some(f64::NAN), ..valid() }, "inclusion", "format"),
        (Response { occurred_at: Some("ieri".into()), ..valid() }, "occurred_at", "format"),
        (Response { sent_at: Some("2026-11-21".into()), ..valid() }, "sent_at", "format"),
    ] {
        assert_eq!(broken(&response), [(field.to_owned(), code)]);
    }
    assert_eq!(broken(&Response { comment: Some(long(4_000)), ..valid() }), []);
}

#[test]
fn the_score_is_held_to_the_scale_of_the_survey() {
    let survey = crate::survey::example();
    for (score, codes) in [(-1, vec!["out_of_range"]), (0, vec![]), (10, vec![]), (11, vec!["out_of_range"])]
    {
        let found = check_against(&Response { score, ..valid() }, &survey);
        assert_eq!(found.iter().map(|v| v.rule.code()).collect::<Vec<_>>(), codes, "{score}");
    }
    let found = check_against(&Response { choices: vec!["fit".into()], ..valid() }, &survey);
    assert_eq!(found[0].field, "choices");
    let offering: crate::survey::FollowUp = serde_json::from_value(serde_json::json!({
        "from": 0, "to": 10, "choices": {"options": [{"value": "fit", "label": {"en": "The fit"}}]},
    }))
    .unwrap();
    let survey = crate::survey::Survey { follow_ups: vec![offering], ..survey };
    for (choice, taken) in [("fit", true), ("other", true), ("gone-since", true), ("The fit", false)] {
        let found = check_against(&Response { choices: vec![choice.into()], ..valid() }, &survey);
        assert_eq!(found.is_empty(), taken, "{choice}");
    }
}

#[test]
fn ids_are_made_once_and_read_back() {
    let id = ResponseId::new(1_795_255_200_000, &[0xff; 10]);
    assert_eq!(ResponseId::parse(&id.encode()), Some(id));
    assert_eq!(ResponseId::from_bytes(*id.as_bytes()), Some(id));
    assert_eq!(ResponseId::from_bytes([0; 16]), None);
    assert!(id.encode().starts_with("01a1"), "{}", id.encode());
}

#[test]
fn absent_fields_stay_off_the_wire() {
    assert_eq!(
        serde_json::to_string(&valid()).unwrap(),
        format!(r#"{{"site":"pk_demo","survey":"nps","id":"{ID}","revision":1,"score":9}}"#)
    );
}

#[test]
fn devices_by_width() {
    for (width_px, device) in
        [(320, Device::Phone), (599, Device::Phone), (600, Device::Tablet), (1024, Device::Desktop)]
    {
        assert_eq!(Device::of_width(width_px), device);
        assert_eq!(Device::parse(device.as_str()), Some(device));
    }
}
