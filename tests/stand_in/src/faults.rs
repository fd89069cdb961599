//! What can go wrong, and when: rules that are switched at run time and strike the same way in every run.

use std::time::Duration;

use crate::endpoint::{Endpoint, Service};

/// A `Retry-After` header.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum RetryAfter {
    /// As a number of seconds.
    Seconds(u64),
    /// As the date that many seconds from now.
    Date(u64),
}

/// How fast an answer comes.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Pace {
    /// Waits before the answer begins; several such rules add up.
    Latency(Duration),
    /// Body bytes per second.
    Bandwidth(u64),
}

/// What is answered instead of the true answer. Where the same thing looks different on an API and on the media
/// host, the form of the service that was asked is used.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Refusal {
    /// 429 for the day.
    QuotaPerDay(Option<RetryAfter>),
    /// 429 for the minute.
    QuotaPerMinute(Option<RetryAfter>),
    /// Any 5xx status.
    ServerError(u16, Option<RetryAfter>),
    /// 401.
    Unauthenticated,
    /// 403 for want of a scope.
    ScopeMissing,
    /// 403 because the API is not enabled in the project.
    ApiDisabled,
    /// 400 as if the grant had been revoked; for the token endpoint.
    InvalidGrant,
    /// 400 for a page token that was good.
    InvalidPageToken,
    /// 403 with a page, as for an expired base URL.
    Forbidden,
    /// 404 with a page.
    NotFound,
    /// 404 with an image as its body.
    ImageNotFound,
    /// A page of HTML with status 200.
    HtmlOk,
    /// Some JSON, which is no answer to the question, with status 200.
    JsonOk,
    /// JSON with status 200 that breaks off in the middle, its length being what was announced.
    BrokenJson,
    /// JSON of about this many bytes with status 200.
    GiantJson(u64),
    /// 302 to this address.
    RedirectTo(String),
    /// The connection is reset before anything is answered.
    ResetBeforeHeaders,
    /// The connection is closed in an orderly way before anything is answered.
    CloseBeforeHeaders,
    /// Nothing is ever answered.
    SilenceBeforeHeaders,
}

/// What happens to the true answer's body on its way. Damage strikes answers that carry bytes or JSON, not
/// redirects.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Damage {
    /// The connection is reset half-way.
    ResetMidBody,
    /// The connection is closed half-way, although more was announced.
    Truncated,
    /// The same without any announced length, in chunks.
    TruncatedInChunks,
    /// Whole, in chunks, without an announced length.
    InChunks,
    /// A shorter length is announced and kept: the body is cut, and nothing in HTTP tells.
    AnnouncedShorter,
    /// A greater length than the body has is announced.
    AnnouncedLonger,
    /// Half of the body, then nothing more.
    SilenceMidBody,
    /// A whole file of another format under the true content type.
    WrongMagic,
    /// No bytes at all, and a length of 0.
    Empty,
    /// The whole body with status 200 although a range was asked for.
    RangeIgnored,
}

/// Anything that can go wrong with one request.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Fault {
    /// It is slow.
    Pace(Pace),
    /// It is refused.
    Refusal(Refusal),
    /// Its answer is damaged.
    Damage(Damage),
}

impl From<Pace> for Fault {
    fn from(pace: Pace) -> Self {
        Self::Pace(pace)
    }
}

impl From<Refusal> for Fault {
    fn from(refusal: Refusal) -> Self {
        Self::Refusal(refusal)
    }
}

impl From<Damage> for Fault {
    fn from(damage: Damage) -> Self {
        Self::Damage(damage)
    }
}

/// Which requests a rule looks at: those that match all that is given.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Target {
    service: Option<Service>,
    endpoint: Option<Endpoint>,
    item: Option<String>,
    page: Option<u64>,
}

impl Target {
    /// Every request.
    pub fn any() -> Self {
        Self::default()
    }

    /// The requests for one item's bytes.
    pub fn item(id: &str) -> Self {
        Self::from(Service::Media).of_item(id)
    }

    /// The requests for one page of a listing, counted from 0.
    pub fn page(page: u64) -> Self {
        Self {
            page: Some(page),
            ..Self::default()
        }
    }

    /// Of these requests, those about one item.
    #[must_use]
    pub fn of_item(mut self, id: &str) -> Self {
        self.item = Some(id.to_owned());
        self
    }

    fn matches(&self, call: &Call) -> bool {
        self.service
            .is_none_or(|service| service == call.endpoint.service())
            && self.endpoint.is_none_or(|endpoint| endpoint == call.endpoint)
            && self
                .item
                .as_ref()
                .is_none_or(|item| call.item.as_ref() == Some(item))
            && self.page.is_none_or(|page| call.page == Some(page))
    }
}

impl From<Service> for Target {
    fn from(service: Service) -> Self {
        Self {
            service: Some(service),
            ..Self::default()
        }
    }
}

impl From<Endpoint> for Target {
    fn from(endpoint: Endpoint) -> Self {
        Self {
            endpoint: Some(endpoint),
            ..Self::default()
        }
    }
}

/// Which of the requests a rule looks at it strikes. Requests are counted by each rule for itself, from 1.
#[derive(Debug, Clone, Copy, PartialEq)]
pub enum Trigger {
    /// Every one.
    Always,
    /// The n-th.
    Nth(u64),
    /// The first n.
    First(u64),
    /// All from the n-th on.
    From(u64),
    /// Every n-th.
    Every(u64),
    /// The first n tries of each item (or of each method, for requests about none).
    FirstTries(u64),
    /// This share, from 0 to 1. Which ones depends on the seed, the item and the try alone, not on the order in
    /// which requests arrive.
    Rate(f64),
}

/// How listings misbehave without ever being wrong.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct PagingQuirks {
    /// Runs of pages without items but with a next token: the first such page, and how many.
    pub empty_runs: Vec<(u64, u64)>,
    /// Each page begins with the last item of the one before.
    pub repeat_last: bool,
    /// The last page still has a token, whose page is a bare `{}`.
    pub trailing_empty: bool,
    /// No page has more items than this, whatever was asked for.
    pub page_fill: Option<usize>,
}

/// A rule.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct Rule {
    pub(crate) target: Target,
    pub(crate) trigger: Trigger,
    pub(crate) fault: Fault,
}

impl Rule {
    /// Damage cannot be done to a redirect, so such requests are not even counted.
    pub(crate) fn looks_at(&self, call: &Call) -> bool {
        self.target.matches(call) && !(call.redirected && matches!(self.fault, Fault::Damage(_)))
    }
}

/// A set of rules. Of several refusals, or several damages, that strike one request, the first counts.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Faults {
    pub(crate) seed: u64,
    pub(crate) rules: Vec<Rule>,
    pub(crate) paging: PagingQuirks,
}

impl Faults {
    /// No faults.
    pub fn none() -> Self {
        Self::default()
    }

    /// The same rules with another seed for their rates.
    #[must_use]
    pub fn seeded(mut self, seed: u64) -> Self {
        self.seed = seed;
        self
    }

    /// One more rule.
    #[must_use]
    pub fn rule(mut self, target: impl Into<Target>, trigger: Trigger, fault: impl Into<Fault>) -> Self {
        self.rules.push(Rule {
            target: target.into(),
            trigger,
            fault: fault.into(),
        });
        self
    }

    /// The same rules with these quirks of paging.
    #[must_use]
    pub fn paging(mut self, quirks: PagingQuirks) -> Self {
        self.paging = quirks;
        self
    }
}

/// What a rule can know of a request.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Call {
    pub(crate) endpoint: Endpoint,
    pub(crate) item: Option<String>,
    pub(crate) page: Option<u64>,
    /// The true answer is a redirect.
    pub(crate) redirected: bool,
}
