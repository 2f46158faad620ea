// The person whose phone is used, remembered for the authorization pages in the same browser.

const COOKIE = "saoma_sandbox_person";

/** Remembers a person; `snsapi_base` acts as this person without asking. */
export function choosePerson(name) {
  document.cookie = `${COOKIE}=${encodeURIComponent(name)}; Path=/connect; SameSite=Lax`;
}

/** Returns the name of the remembered person. */
export function chosenPerson() {
  const entry = document.cookie.split("; ").find((part) => part.startsWith(`${COOKIE}=`));
  return entry ? decodeURIComponent(entry.slice(COOKIE.length + 1)) : "";
}
