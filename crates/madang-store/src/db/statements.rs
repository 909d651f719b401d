//! Statements are constants in one block per module, so that a test can prepare every one on both engines.

/// Declares statements, and `ALL` with their names:
///
/// ```ignore
/// sql! {
///     /// The newest seq of a space.
///     pub const HEAD = "SELECT head FROM spaces WHERE id = $1";
/// }
/// ```
///
/// Add the module's `ALL` to `madang_store::statements()`.
#[macro_export]
macro_rules! sql {
    ($($(#[$meta:meta])* $vis:vis const $name:ident = $text:expr;)*) => {
        $($(#[$meta])* $vis const $name: &str = $text;)*
        /// Every statement of this module by name.
        #[allow(dead_code)]
        pub(crate) const ALL: &[$crate::db::Statement] = &[$((stringify!($name), $name)),*];
    };
}

/// Name and text.
pub type Statement = (&'static str, &'static str);
