//! The steps that many journeys have in common.

use saoma_sandbox::Person;
use saoma_servers::PATIENCE;

use super::{Answer, Device, Service};

/// Asks for an SMS code to a person's own number and returns it.
pub(crate) async fn code_for(service: &Service, device: &Device, person: &Person) -> String {
    let last = person.sms().last().map_or(0, |sms| sms.id);
    let asked = device.send_code(service, person.phone()).await;
    assert_eq!(asked.status, 202, "{}", asked.text);
    person.next_sms(last, PATIENCE).await.expect("the code arrives").code
}

/// Returns a code that is not this one.
pub(crate) fn another_than(code: &str) -> &'static str {
    if code == "000000" { "999999" } else { "000000" }
}

/// Has a new person scan a device's code: the device is to ask for the phone number.
pub(crate) async fn scanned_by_new(service: &Service, person: &Person) -> Device {
    let device = Device::start(service).await;
    person.scan(device.qr()).await.unwrap();
    assert_eq!(device.look(service).await.says(), "unregistered");
    device
}

/// Binds a person's own phone number to a login that waits for it.
pub(crate) async fn bind_own_phone(service: &Service, device: &Device, person: &Person) -> Answer {
    let code = code_for(service, device, person).await;
    let bound = device.bind(service, person.phone(), &code).await;
    assert_eq!(bound.says(), "registered", "{}", bound.text);
    bound
}

/// Brings a new person to their first session, and returns the device with the session's token.
pub(crate) async fn register(service: &Service, person: &Person) -> (Device, String) {
    let device = scanned_by_new(service, person).await;
    let token = bind_own_phone(service, &device, person).await.token().to_owned();
    (device, token)
}

/// Logs a person in who has an account, and returns the device with the session's token.
pub(crate) async fn log_in(service: &Service, person: &Person) -> (Device, String) {
    let device = Device::start(service).await;
    person.scan(device.qr()).await.unwrap();
    let token = device.look(service).await.token().to_owned();
    (device, token)
}

/// Returns a person who follows the account `main`; a system behind the service has heard of it.
pub(crate) async fn follower(service: &Service, name: &str) -> Person {
    let person = service.person(name);
    person.follow("main").await.unwrap();
    person
}

/// Has a person write to the account `main`, and returns what it answers.
pub(crate) async fn says(person: &Person, text: &str) -> Option<String> {
    person.send_text("main", text).await.unwrap().reply().map(str::to_owned)
}
