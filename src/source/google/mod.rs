//! What all of Google's services share: where they are, how a request is sent, what their errors mean, signing in.

pub(in crate::source) mod base_url;
pub mod endpoint;
pub mod http;
pub(in crate::source) mod pages;
pub mod refusal;
pub mod sign_in;
