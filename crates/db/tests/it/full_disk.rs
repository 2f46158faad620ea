//! A disk without room: nothing is said that is not so, and it passes.

use saoma_contract::{
    all_at_once,
    values::{binding, login, scan},
};
use saoma_db::{Migrations, SqliteStore};
use saoma_domain::ports::{Bound, Logins, ScanTaken, StoreError};
use saoma_servers::SmallDisk;

/// Takes the scan of a new person and binds their number; returns whether that was committed.
async fn register(database: &SqliteStore, number: u32) -> Result<(), StoreError> {
    let id = login(number.into());
    let scan = scan(id, &format!("oPerson{number}"));
    assert!(matches!(database.take_scan(scan).await?, ScanTaken::First(_) | ScanTaken::Again(_)));
    assert!(matches!(database.bind(binding(id, number)).await?, Bound::Registered(_)));
    Ok(())
}

/// Makes a database with its tables on a disk, and returns it with its URL.
async fn database_on(disk: &SmallDisk) -> Result<(String, SqliteStore), Box<dyn std::error::Error>> {
    let url = format!("sqlite://{}", disk.path().join("saoma.db").display());
    let database = SqliteStore::connect(&url).await?;
    database.migrate().await?;
    Ok((url, database))
}

#[tokio::test]
async fn a_full_disk_refuses_what_is_new_loses_nothing_and_heals() {
    let Some(disk) = SmallDisk::mount(1).unwrap() else {
        println!("left out: only root can make a small disk");
        return;
    };
    let (url, database) = database_on(&disk).await.unwrap();
    register(&database, 0).await.unwrap();
    for round in 0..3 {
        let first = 1 + round * 1000;
        disk.fill();
        // The log of changes has some room of its own.
        let mut kept = first;
        let refused = loop {
            match register(&database, kept).await {
                Ok(()) => kept += 1,
                Err(refused) => break refused,
            }
            assert!(kept < first + 900, "the disk is full in the end");
        };
        for _ in 0..20 {
            assert!(matches!(register(&database, kept).await, Err(StoreError::Unavailable(_))), "{refused}");
        }
        println!("{} registered before: {refused}", kept - first);
        for number in first..kept {
            assert!(
                Logins::find(&database, login(number.into())).await.unwrap().is_some(),
                "reading goes on"
            );
        }
        disk.empty().unwrap();
        register(&database, kept).await.unwrap();
    }
    let again = SqliteStore::connect(&url).await.unwrap();
    assert!(Logins::find(&again, login(0)).await.unwrap().is_some());
}

/// Takes scans one after the other until one is refused, and returns the numbers of those that were not.
async fn scan_until_refused(database: SqliteStore, numbers: std::ops::Range<u64>) -> Vec<u64> {
    let mut kept = Vec::new();
    for number in numbers {
        match database.take_scan(scan(login(number), &format!("oPerson{number}"))).await {
            Ok(_) => kept.push(number),
            Err(refused) => {
                assert!(matches!(refused, StoreError::Unavailable(_)), "{refused}");
                return kept;
            }
        }
    }
    unreachable!("the disk is full before that");
}

#[tokio::test(flavor = "multi_thread")]
async fn many_at_once_on_a_full_disk_are_each_told_what_is_so() {
    let Some(disk) = SmallDisk::mount(1).unwrap() else {
        println!("left out: only root can make a small disk");
        return;
    };
    let (url, database) = database_on(&disk).await.unwrap();
    disk.fill();
    let scans = (0..64).map(|first| scan_until_refused(database.clone(), first * 1000..(first + 1) * 1000));
    let kept: Vec<u64> = all_at_once(scans).await.into_iter().flatten().collect();
    println!("{} were kept", kept.len());
    disk.empty().unwrap();
    database.take_scan(scan(login(1_000_000), "oAnna")).await.unwrap();
    drop(database);
    let again = SqliteStore::connect(&url).await.unwrap();
    for number in kept {
        assert!(Logins::find(&again, login(number)).await.unwrap().is_some(), "scan {number} is lost");
    }
}
