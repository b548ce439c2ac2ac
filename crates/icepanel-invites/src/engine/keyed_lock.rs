//! One call at a time for each address.

use std::collections::HashMap;
use std::sync::{Arc, Mutex, PoisonError, Weak};

use tokio::sync::OwnedMutexGuard;

use crate::model::email::address_key;

/// A lock for each key in use.
#[derive(Debug, Default)]
pub(crate) struct KeyedLocks(Mutex<HashMap<String, Weak<tokio::sync::Mutex<()>>>>);

impl KeyedLocks {
    /// Waits for the lock of an address, letter case ignored.
    pub(crate) async fn lock(&self, email: &str) -> OwnedMutexGuard<()> {
        self.of(email).lock_owned().await
    }

    fn of(&self, email: &str) -> Arc<tokio::sync::Mutex<()>> {
        let mut locks = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        locks.retain(|_, lock| lock.strong_count() > 0);
        let key = address_key(email);
        if let Some(lock) = locks.get(&key).and_then(Weak::upgrade) {
            return lock;
        }
        let lock = Arc::new(tokio::sync::Mutex::new(()));
        locks.insert(key, Arc::downgrade(&lock));
        lock
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_address_has_one_lock_and_one_that_nobody_holds_is_forgotten() {
        let locks = KeyedLocks::default();
        let ada = locks.of("ada@example.com");
        assert!(Arc::ptr_eq(&ada, &locks.of("ADA@example.com")));
        assert!(!Arc::ptr_eq(&ada, &locks.of("bob@example.com")));
        drop(ada);
        let _eve = locks.of("eve@example.com");
        assert_eq!(locks.0.lock().expect("the locks").len(), 1);
    }
}
