//! The shop's own table, in a database of its own choice.

use std::sync::{Arc, Mutex, PoisonError};

use diesel::{connection::SimpleConnection, prelude::*};
use saoma_api::domain::account::AccountId;

/// Any error of the shop's.
pub type Failure = Box<dyn std::error::Error + Send + Sync>;

diesel::table! {
    shop_orders (id) {
        id -> BigInt,
        account -> Text,
        item -> Text,
    }
}

/// What was ordered. A clone is the same table.
#[derive(Clone)]
pub struct Orders(Arc<Mutex<SqliteConnection>>);

impl Orders {
    /// Opens the database, and makes the table if there is none.
    ///
    /// # Errors
    /// Those of SQLite.
    pub fn open(path: &str) -> Result<Self, Failure> {
        let mut connection = SqliteConnection::establish(path)?;
        connection.batch_execute(
            "PRAGMA busy_timeout = 5000;
             CREATE TABLE IF NOT EXISTS shop_orders (id INTEGER PRIMARY KEY, account TEXT NOT NULL, item TEXT NOT NULL);",
        )?;
        Ok(Self(Arc::new(Mutex::new(connection))))
    }

    /// Orders an item for an account.
    ///
    /// # Errors
    /// Those of SQLite.
    pub async fn add(&self, account: AccountId, item: String) -> Result<(), Failure> {
        self.with(move |connection| {
            let order = (shop_orders::account.eq(account.to_string()), shop_orders::item.eq(item));
            diesel::insert_into(shop_orders::table).values(order).execute(connection)
        })
        .await?;
        Ok(())
    }

    /// Returns what an account has ordered, the oldest first.
    ///
    /// # Errors
    /// Those of SQLite.
    pub async fn of(&self, account: AccountId) -> Result<Vec<String>, Failure> {
        self.with(move |connection| {
            let of_account = shop_orders::table.filter(shop_orders::account.eq(account.to_string()));
            of_account.order(shop_orders::id).select(shop_orders::item).load(connection)
        })
        .await
    }

    /// Works with the connection on a thread that may wait for the disk.
    async fn with<T: Send + 'static>(
        &self,
        work: impl FnOnce(&mut SqliteConnection) -> QueryResult<T> + Send + 'static,
    ) -> Result<T, Failure> {
        let connection = Arc::clone(&self.0);
        let work = move || work(&mut connection.lock().unwrap_or_else(PoisonError::into_inner));
        Ok(tokio::task::spawn_blocking(work).await??)
    }
}
