use serde_json::json;

use super::*;

fn document() -> Value {
    json!({
        "paths": {
            "/v1/responses": {"post": {"operationId": "send", "summary": "Takes `one`.", "security": [{}],
                "requestBody": {"content": {"application/json": {"schema": {"$ref": "#/components/schemas/Answer"}}}},
                "responses": {"204": {"description": "Taken."}}}},
            "/api/v1/sites/{site}/scores": {"get": {"operationId": "scores", "summary": "Scores.",
                "parameters": [
                    {"name": "site", "in": "path", "required": true, "schema": {"type": "string"}},
                    {"name": "survey", "in": "query", "required": true, "schema": {"type": "string", "maxLength": 64}},
                    {"name": "by", "in": "query", "required": false, "description": "How.",
                        "schema": {"anyOf": [{"enum": ["day", "week"], "type": "string"}, {"const": ""}]}}],
                "responses": {"200": {"description": "Them.", "content":
                    {"application/json": {"schema": {"type": "array", "items": {"$ref": "#/components/schemas/Score"}}}}}}}},
            "/healthz": {"get": {"operationId": "health", "security": [{}], "responses": {}}},
        },
        "components": {"schemas": {
            "Answer": {"type": "object", "description": "One.", "required": ["survey", "said", "score"], "properties": {
                "survey": {"type": "string"}, "said": {"enum": ["it's", "not"]}, "more": {"type": "boolean"},
                "score": {"oneOf": [{"$ref": "#/components/schemas/Score", "description": "How good."}, {"type": "null"}]}}},
            "Score": {"type": "integer", "minimum": 0, "maximum": 10},
        }},
    })
}

fn said(pieces: &[Piece]) -> String {
    pieces.iter().map(|piece| piece.text.as_str()).collect()
}

#[test]
fn operations_are_put_together_by_what_they_are_about() {
    let read = reading(&document(), "https://feedback.example");
    let groups: Vec<_> =
        read.groups.iter().map(|group| (group.name.as_str(), &*group.operations[0].id)).collect();
    assert_eq!(groups, [(FIRST, "send"), ("Scores", "scores"), (LAST, "health")]);
    for (path, name) in [
        ("/api/v1/sites", "Sites"),
        ("/api/v1/sites/{site}", "Sites"),
        ("/api/v1/sites/{site}/responses.csv", "Responses"),
        ("/api/v1/sites/{site}/responses/review", "Responses"),
        ("/api/v1/tokens/{token}", "Tokens"),
    ] {
        assert_eq!(group(path).1, name, "{path}");
    }
}

#[test]
fn calls_can_be_copied_into_a_shell() {
    let read = reading(&document(), "https://feedback.example");
    let calls: Vec<_> = read.groups.iter().map(|group| group.operations[0].call.as_str()).collect();
    assert_eq!(
        calls,
        [
            "curl 'https://feedback.example/v1/responses' \\\n  -H 'Content-Type: application/json' \\\n  \
             -d '{\"said\":\"it'\\''s\",\"score\":0,\"survey\":\"nps\"}'",
            "curl 'https://feedback.example/api/v1/sites/pk_demo/scores?survey=nps' \\\n  \
             -H \"Authorization: Bearer $PARERE_TOKEN\"",
            "curl 'https://feedback.example/healthz'",
        ]
    );
}

#[test]
fn kinds_are_told_in_words() {
    let read = reading(&document(), "");
    let scores = &read.groups[1].operations[0];
    let told: Vec<_> = scores.parameters.iter().map(|field| said(&field.kind)).collect();
    assert_eq!(told, ["text", "text, at most 64 characters", "day or week"]);
    assert_eq!(said(&scores.replies[0].holds), "list of Score");
    let [answer, score] = &*read.shapes else { panic!("{:?}", read.shapes) };
    assert_eq!((said(&answer.says), said(&score.kind)), ("One.".into(), "whole number, 0 to 10".into()));
    let fields: Vec<_> = answer.parts[0]
        .fields
        .iter()
        .map(|field| (field.name.as_str(), field.is_needed, said(&field.kind), said(&field.says)))
        .collect();
    let expected = [
        ("more", false, "true or false", ""),
        ("said", true, "it's or not", ""),
        ("score", true, "Score or null", "How good."),
        ("survey", true, "text", ""),
    ];
    assert_eq!(fields, expected.map(|(name, needed, kind, says)| (name, needed, kind.into(), says.into())));
    let takes = &read.groups[0].operations[0].says;
    assert_eq!(takes.iter().map(|piece| piece.is_code).collect::<Vec<_>>(), [false, true, false]);
}
