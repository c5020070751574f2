//! What is kept once, however many hold it.

use std::ops::{Deref, DerefMut};
use std::sync::Arc;

/// A value that is kept once however many hold it: whoever changes it then has one of their own.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Sharing<T>(Arc<T>);

impl<T> From<T> for Sharing<T> {
    fn from(value: T) -> Self {
        Self(Arc::new(value))
    }
}

impl<T> Deref for Sharing<T> {
    type Target = T;

    fn deref(&self) -> &T {
        &self.0
    }
}

impl<T: Clone> DerefMut for Sharing<T> {
    fn deref_mut(&mut self) -> &mut T {
        Arc::make_mut(&mut self.0)
    }
}
