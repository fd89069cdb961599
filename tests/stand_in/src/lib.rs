//! A strict stand-in for Google on a real socket, for gphotosync's tests, demo and benchmarks.
//!
//! It refuses what Google refuses: wrong scopes, foreign page tokens, unknown parameters, expired base URLs. It can
//! misbehave in every way Google and the networks in between have been seen to misbehave, on demand and the same
//! way in every run. It serves plain HTTP on 127.0.0.1 and lays the services side by side under path prefixes:
//! `/accounts`, `/oauth2`, `/photoslibrary`, `/photospicker`, `/media` and `/video-downloads`.
//!
//! It knows nothing of gphotosync. Time inside the server is real time plus [`StandIn::pass_time`].
//!
//! ```
//! use stand_in_google::{ClientForm, Damage, Faults, Item, StandIn, Target, Trigger};
//!
//! let photo = Item::photo(1);
//! let faults = Faults::none().rule(Target::item(&photo.id), Trigger::First(2), Damage::Truncated);
//! let google = StandIn::builder().library(vec![photo]).faults(faults).start()?;
//! let secret = google.client_secret_json(&ClientForm::Installed);
//! assert!(secret.contains("installed") && google.endpoint().starts_with("http://127.0.0.1:"));
//! # Ok::<(), std::io::Error>(())
//! ```

mod account;
mod answer;
mod asked;
mod base_url;
mod bodies;
mod browser;
mod chance;
mod clock;
mod connection;
mod consent;
mod endpoint;
mod envelope;
mod fault_board;
mod faults;
mod google;
mod item;
mod item_json;
mod journal;
mod library;
mod library_api;
mod locking;
mod media_host;
mod oauth;
mod paging;
mod picked_json;
mod picker_api;
mod picking;
mod quota;
mod realistic;
mod router;
mod sabotage;
mod search;
mod settings;
mod stand_in;
mod wire;

pub use account::ClientForm;
pub use bodies::{Body, Rope};
pub use browser::visit;
pub use endpoint::{Endpoint, Service};
pub use fault_board::FaultBoard;
pub use faults::{Damage, Fault, Faults, Pace, PagingQuirks, Refusal, RetryAfter, Target, Trigger};
pub use google::Change;
pub use item::{Item, Kind, Lookup, VideoStatus, id_of};
pub use journal::{Entry, Journal, JournalMode};
pub use library::Population;
pub use picking::{Choice, PickingSession};
pub use quota::Quotas;
pub use realistic::realistic;
pub use settings::{Consent, PickerSettings, Settings};
pub use stand_in::{Builder, StandIn};
