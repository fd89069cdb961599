//! Exports of Google Takeout, imported by the program and held against the truth about them.

mod again;
mod bad_input;
mod choices;
#[path = "../../../benches/takeout/compared.rs"]
mod compared;
mod entries_explained;
mod extensions;
mod jsons;
mod ledger;
mod routes;
mod scene;
mod told;
mod whole_exports;
