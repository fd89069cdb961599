//! Signing in.

use crate::secret::Secret;
use crate::source::SourceError;

/// Bearer tokens for API calls.
#[async_trait::async_trait]
pub trait Tokens: Send + Sync + std::fmt::Debug {
    /// A token that should work now.
    async fn bearer(&self) -> Result<Secret, SourceError>;
    /// Hears that the API rejected `bearer`.
    async fn rejected(&self, bearer: &Secret);
}
