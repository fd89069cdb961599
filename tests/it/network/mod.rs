//! What lies between the program and Google: certificates and proxies.

mod certificates;
mod proxies;
pub(crate) mod proxy;
mod tls_front;

use std::process::Command;

use crate::support::{Ended, Running, Sandbox};

impl Sandbox {
    /// Runs `sync`, telling its progress as JSON, with these environment variables.
    fn sync_with(&self, variables: &[(&str, &str)]) -> Ended {
        let mut command = self.command(&["sync", "--progress", "json", "--delay", "0"]);
        command.envs(variables.iter().copied());
        self.end_of(command)
    }

    /// Runs `command` to its end.
    pub(crate) fn end_of(&self, command: Command) -> Ended {
        Running::start(command, self.library().parent().unwrap()).end()
    }
}
