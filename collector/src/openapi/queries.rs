//! Parameters of paths and queries; how they are read stands in `routes/query.rs`.

use utoipa::IntoParams;

use crate::erasure::KnownBy;
use crate::scoreboard::By;
use crate::store::SourceName;

/// In the path.
#[derive(IntoParams)]
#[into_params(parameter_in = Path)]
#[expect(dead_code, reason = "only its schema is used")]
pub struct InSite {
    /// Key of the site.
    site: String,
}

/// In the path.
#[derive(IntoParams)]
#[into_params(parameter_in = Path)]
#[expect(dead_code, reason = "only its schema is used")]
pub struct InSurvey {
    /// Key of the site.
    site: String,
    /// Slug of the survey.
    survey: String,
}

/// In the path.
#[derive(IntoParams)]
#[into_params(parameter_in = Path)]
#[expect(dead_code, reason = "only its schema is used")]
pub struct InToken {
    /// What the token is called by: its `id`, not the token itself.
    token: String,
}

/// In the path.
#[derive(IntoParams)]
#[into_params(parameter_in = Path)]
#[expect(dead_code, reason = "only its schema is used")]
pub struct InResponse {
    /// Key of the site.
    site: String,
    /// Id of the answer.
    id: String,
}

/// In the path.
#[derive(IntoParams)]
#[into_params(parameter_in = Path)]
#[expect(dead_code, reason = "only its schema is used")]
pub struct InSource {
    /// Key of the site.
    site: String,
    /// Who tells.
    #[param(inline)]
    source: SourceName,
}

/// In the path.
#[derive(IntoParams)]
#[into_params(parameter_in = Path)]
#[expect(dead_code, reason = "only its schema is used")]
pub struct InHook {
    /// Who tells.
    #[param(inline)]
    source: SourceName,
    /// Key of the site.
    site: String,
}

/// In the path.
#[derive(IntoParams)]
#[into_params(parameter_in = Path)]
#[expect(dead_code, reason = "only its schema is used")]
pub struct InWebhook {
    /// Key of the site.
    site: String,
    /// Id of the webhook.
    webhook: String,
}

/// In the path.
#[derive(IntoParams)]
#[into_params(parameter_in = Path)]
#[expect(dead_code, reason = "only its schema is used")]
pub struct InRule {
    /// Key of the site.
    site: String,
    /// Id of the rule.
    rule: String,
}

/// In the path.
#[derive(IntoParams)]
#[into_params(parameter_in = Path)]
#[expect(dead_code, reason = "only its schema is used")]
pub struct InSubject {
    /// Key of the site.
    site: String,
    /// The merchant's reference for a person, as it was sent as `subject`; or an order, as it was sent as `ref`.
    r#ref: String,
}

/// By what a person is looked for.
#[derive(IntoParams)]
#[into_params(parameter_in = Query)]
#[expect(dead_code, reason = "only its schema is used")]
pub struct SubjectQuery {
    /// `subject`, `ref`, `either` or `email`; by default `email` for an address, and for others the one of the first two
    /// by which there is anything, and 409 where there is by both.
    #[param(inline)]
    by: Option<KnownBy>,
}

/// In the path.
#[derive(IntoParams)]
#[into_params(parameter_in = Path)]
#[expect(dead_code, reason = "only its schema is used")]
pub struct InDelivery {
    /// Key of the site.
    site: String,
    /// Id of the webhook.
    webhook: String,
    /// The `webhook-id` of the delivery.
    delivery: String,
}

/// In the path.
#[derive(IntoParams)]
#[into_params(parameter_in = Path)]
#[expect(dead_code, reason = "only its schema is used")]
pub struct InInvitation {
    /// Key of the site.
    site: String,
    /// Id of the invitation.
    invitation: String,
}

/// In the path.
#[derive(IntoParams)]
#[into_params(parameter_in = Path)]
#[expect(dead_code, reason = "only its schema is used")]
pub struct InAddress {
    /// Key of the site.
    site: String,
    /// A mail address or telephone number.
    address: String,
}

/// Which cards.
#[derive(IntoParams)]
#[into_params(parameter_in = Query)]
#[expect(dead_code, reason = "only its schema is used")]
pub struct CardsQuery {
    /// Slug of the survey.
    survey: String,
    /// How many cards; 10, a whole sheet, where absent.
    n: Option<usize>,
    /// Language of the question.
    lang: Option<String>,
    /// `a4` or `letter`; `a4` where absent.
    paper: Option<String>,
}

/// Which invitations.
#[derive(IntoParams)]
#[into_params(parameter_in = Query)]
#[expect(dead_code, reason = "only its schema is used")]
pub struct InvitationsQuery {
    /// Most invitations on a page.
    limit: Option<usize>,
    /// Those of one state only.
    state: Option<String>,
    /// The `next` of an earlier page.
    cursor: Option<String>,
}

/// Which deliveries.
#[derive(IntoParams)]
#[into_params(parameter_in = Query)]
#[expect(dead_code, reason = "only its schema is used")]
pub struct DeliveriesQuery {
    /// Most deliveries.
    limit: Option<usize>,
    /// Those of one state only.
    state: Option<String>,
}

/// Which cases.
#[derive(IntoParams)]
#[into_params(parameter_in = Query)]
#[expect(dead_code, reason = "only its schema is used")]
pub struct CasesQuery {
    /// `open`, `doing` or `done`; otherwise all that are not done.
    status: Option<String>,
    /// E-mail address of an account, or `none` for those that are nobody's.
    owner: Option<String>,
    /// Most cases on a page.
    limit: Option<usize>,
    /// The `next` of an earlier page.
    cursor: Option<String>,
}

/// In the path.
#[derive(IntoParams)]
#[into_params(parameter_in = Path)]
#[expect(dead_code, reason = "only its schema is used")]
pub struct InMark {
    /// Key of the site.
    site: String,
    /// Id of the mark.
    mark: String,
}

/// Which marks.
#[derive(IntoParams)]
#[into_params(parameter_in = Query)]
#[expect(dead_code, reason = "only its schema is used")]
pub struct MarksQuery {
    /// Slug of a survey; otherwise those of all surveys.
    survey: Option<String>,
}

/// How many days.
#[derive(IntoParams)]
#[into_params(parameter_in = Query)]
#[expect(dead_code, reason = "only its schema is used")]
pub struct DaysQuery {
    /// Local days on either side, 1–366; 28 where absent, and fewer where it has not been that long.
    days: Option<i32>,
}

/// Which stretch of time.
#[derive(IntoParams)]
#[into_params(parameter_in = Query)]
#[expect(dead_code, reason = "only its schema is used")]
pub struct PeriodQuery {
    /// First moment: a date in the site's zone, or RFC 3339.
    from: Option<String>,
    /// First moment after, in the same forms.
    to: Option<String>,
}

/// Which part of the log.
#[derive(IntoParams)]
#[into_params(parameter_in = Query)]
#[expect(dead_code, reason = "only its schema is used")]
pub struct AuditQuery {
    /// Most entries on a page.
    limit: Option<usize>,
    /// The `next` of an earlier page.
    cursor: Option<String>,
}

/// Which answers are counted.
#[derive(IntoParams)]
#[into_params(parameter_in = Query)]
#[expect(dead_code, reason = "only its schema is used")]
pub struct ScoresQuery {
    /// Slug of the survey.
    survey: String,
    /// First moment of receipt: a date in the site's zone, or RFC 3339.
    from: Option<String>,
    /// First moment after, in the same forms.
    to: Option<String>,
    /// What the series is told apart by.
    #[param(inline)]
    by: Option<By>,
    /// `previous`: beside the period of the same length that ends where this one begins.
    compare: Option<String>,
    /// Beside an earlier period: its first moment.
    compare_from: Option<String>,
    /// The first moment after it; where absent, it ends where this one begins.
    compare_to: Option<String>,
    /// Keys of the series beside each other, with commas between them: `inline,email`; 2 to 8, of any `by` but time.
    segments: Option<String>,
    /// How far the interval is to reach to either side, in the score's unit; 5 points or percent, or a twentieth of
    /// the scale, where absent.
    margin: Option<f64>,
}

/// Whether a list is written.
#[derive(IntoParams)]
#[into_params(parameter_in = Query)]
#[expect(dead_code, reason = "only its schema is used")]
pub struct SegmentsQuery {
    /// 1 says what would be taken and writes nothing.
    dry_run: Option<String>,
}

/// Which tickets are timed, and how.
#[derive(IntoParams)]
#[into_params(parameter_in = Query)]
#[expect(dead_code, reason = "only its schema is used")]
pub struct SpeedQuery {
    /// First moment at which they began: a date in the site's zone, or RFC 3339.
    from: Option<String>,
    /// First moment after, in the same forms.
    to: Option<String>,
    /// `calendar`, which is the default, or `business`: only the hours of the desk count.
    clock: Option<String>,
}

/// On which days questions are counted.
#[derive(IntoParams)]
#[into_params(parameter_in = Query)]
#[expect(dead_code, reason = "only its schema is used")]
pub struct FunnelQuery {
    /// Slug of the survey.
    survey: String,
    /// A moment on the first local day: a date in the site's zone, or RFC 3339.
    from: Option<String>,
    /// First moment after the last local day, in the same forms; a day that it cuts is counted whole.
    to: Option<String>,
}

/// Which answers are meant; without any parameter, all of the site.
#[derive(IntoParams)]
#[into_params(parameter_in = Query)]
#[expect(dead_code, reason = "only its schema is used")]
pub struct WhichQuery {
    /// Slug of the survey.
    survey: Option<String>,
    /// First moment of receipt: a date in the site's zone, or RFC 3339.
    from: Option<String>,
    /// First moment after, in the same forms.
    to: Option<String>,
    /// Text in the comment.
    q: Option<String>,
    /// A band of the scale, such as `detractor`.
    band: Option<String>,
    /// Language of the prompt.
    locale: Option<String>,
    /// How the question came.
    channel: Option<String>,
    /// How the path of the page begins.
    page: Option<String>,
    /// A flag, or `any` that keeps an answer out of scores.
    flag: Option<String>,
    /// Ids of answers, separated by commas.
    id: Option<String>,
}

/// How they are exported.
#[derive(IntoParams)]
#[into_params(parameter_in = Query)]
#[expect(dead_code, reason = "only its schema is used")]
pub struct ExportQuery {
    /// 1 leaves what looks like a formula as it is.
    raw: Option<String>,
}

/// How many are read.
#[derive(IntoParams)]
#[into_params(parameter_in = Query)]
#[expect(dead_code, reason = "only its schema is used")]
pub struct PageQuery {
    /// Most answers on a page.
    limit: Option<usize>,
    /// The `next` of an earlier page.
    cursor: Option<String>,
}

/// In which order they are read, and how late.
#[derive(IntoParams)]
#[into_params(parameter_in = Query)]
#[expect(dead_code, reason = "only its schema is used")]
pub struct OrderQuery {
    /// `newest` first, or `oldest` first: in the order of storing, for programs that keep up to date.
    order: Option<String>,
    /// Oldest first: seconds for which answers are left to settle before they are read.
    lag: Option<i64>,
}
