//! How rules are registered, whatever they are about: each by its name, which names its page too.

/// Makes a registry of rules. A rule's own file says everything of it but its name and its page, and the registry both, so
/// that none is without.
macro_rules! registered {
    ($(#[$about:meta])* $all:ident: $rule:ident, $pages:literal, $($id:literal => $own:expr,)*) => {
        $(#[$about])*
        pub static $all: &[&$rule] = &[$(&$rule {
            id: $id,
            explain: || $crate::packed::packed!($pages, $id, ".md"),
            ..$own
        }),*];
    };
}

pub(crate) use registered;
