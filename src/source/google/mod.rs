//! What all of Google's services share: where they are, how a request is sent, what their errors mean, signing in.

pub mod endpoint;
pub mod http;
pub mod refusal;
pub mod sign_in;
