//! A disk without room under SQLite.

use saoma_sandbox::DeliveryOutcome;
use saoma_servers::SmallDisk;

use crate::harness::{Device, Setup, register};

#[tokio::test]
async fn a_full_disk_is_told_to_wechat_loses_nothing_and_heals_without_a_restart() {
    let Some(disk) = SmallDisk::mount(2).unwrap() else {
        println!("left out: only root can make a small disk");
        return;
    };
    let url = format!("sqlite://{}", disk.path().join("saoma.db").display());
    let service = Setup::default().set("database.url", url).start().await;
    let (ming, hong) = (service.person("ming"), service.person("hong"));
    let (before, token) = register(&service, &ming).await;
    let device = Device::start(&service).await;

    disk.fill();
    let refused = hong.scan(device.qr()).await.unwrap();
    assert!(refused.outcomes().iter().all(|it| matches!(it, DeliveryOutcome::Fault(_))), "{refused:?}");
    assert_eq!(device.look(&service).await.says(), "loop", "nothing half is told");
    assert_eq!(before.session(&service, &token).await.status, 200, "reading goes on");
    assert_eq!(before.log_out(&service, &token).await.problem(), "store_unavailable");
    service.line_with("disk is full").await;

    disk.empty().unwrap();
    assert!(hong.scan(device.qr()).await.unwrap().reply().is_some());
    assert_eq!(device.look(&service).await.says(), "unregistered");
    assert_eq!(before.log_out(&service, &token).await.status, 204);
}
