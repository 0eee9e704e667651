//! How a command ends that does not succeed.

use crate::appliance::StartError;
use crate::core::error::Error;
use crate::core::store::OpenError;
use crate::platform::config::SettingsError;

/// Why a command ends without success: what is said, and the exit code.
pub(super) struct Failure {
    pub(super) message: String,
    pub(super) code: u8,
}

impl Failure {
    /// It was tried, and failed.
    pub(super) fn failed(message: impl Into<String>) -> Self {
        Self { message: message.into(), code: 1 }
    }

    /// It was not tried: the arguments are wrong.
    pub(super) fn usage(message: impl Into<String>) -> Self {
        Self { message: message.into(), code: 2 }
    }
}

impl From<SettingsError> for Failure {
    fn from(error: SettingsError) -> Self {
        Self::usage(error.to_string())
    }
}

impl From<OpenError> for Failure {
    fn from(error: OpenError) -> Self {
        // What may be better in a second (a lock that is held, a full disk) is tried again by the
        // service manager; the rest needs a person.
        let code = if matches!(error, OpenError::Unusable(_)) { 1 } else { 3 };
        Self { message: error.to_string(), code }
    }
}

impl From<StartError> for Failure {
    fn from(error: StartError) -> Self {
        match error {
            StartError::Data(error) => error.into(),
            StartError::Other(error) => error.into(),
        }
    }
}

impl From<Error> for Failure {
    fn from(error: Error) -> Self {
        let problem = error.problem();
        let mut message = problem.detail.clone();
        if problem.errors.len() > 1 {
            let lines = problem.errors.iter().map(|e| format!("\n  {}: {}", e.field, e.message));
            message.extend(lines);
        }
        Self::failed(message)
    }
}

impl From<std::io::Error> for Failure {
    fn from(error: std::io::Error) -> Self {
        Self::failed(error.to_string())
    }
}
