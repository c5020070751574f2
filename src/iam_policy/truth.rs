//! Three-valued logic, with a fourth value for what whoever asks can have either way.

/// Whether something holds.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub(super) enum Truth {
    Yes,
    No,
    /// It depends on what whoever asks chooses.
    Partly,
    /// It cannot be told, and why.
    Unsure(String),
}

impl Truth {
    pub(super) const fn of(holds: bool) -> Self {
        if holds { Self::Yes } else { Self::No }
    }

    pub(super) fn not(self) -> Self {
        match self {
            Self::Yes => Self::No,
            Self::No => Self::Yes,
            Self::Partly | Self::Unsure(_) => self,
        }
    }

    /// AND. What cannot be told outweighs what can be chosen.
    pub(super) fn all(truths: impl IntoIterator<Item = Self>) -> Self {
        let mut result = Self::Yes;
        for truth in truths {
            match (&result, &truth) {
                (_, Self::No) => return Self::No,
                (Self::Yes | Self::Partly, Self::Unsure(_)) | (Self::Yes, Self::Partly) => result = truth,
                (_, Self::Yes | Self::Partly | Self::Unsure(_)) => {}
            }
        }
        result
    }

    /// OR.
    pub(super) fn any(truths: impl IntoIterator<Item = Self>) -> Self {
        let mut result = Self::No;
        for truth in truths {
            match (&result, &truth) {
                (_, Self::Yes) => return Self::Yes,
                (Self::No | Self::Partly, Self::Unsure(_)) | (Self::No, Self::Partly) => result = truth,
                (_, Self::No | Self::Partly | Self::Unsure(_)) => {}
            }
        }
        result
    }
}
