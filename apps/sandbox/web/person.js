// Whose phone it is, remembered for the authorization pages in the same browser.

const COOKIE = "saoma_sandbox_person";

/** Remembers a person; inside WeChat the silent kind of authorization asks nobody else. */
export function choosePerson(name) {
  document.cookie = `${COOKIE}=${encodeURIComponent(name)}; Path=/connect; SameSite=Lax`;
}

/** Returns the name that was remembered last. */
export function chosenPerson() {
  const entry = document.cookie.split("; ").find((part) => part.startsWith(`${COOKIE}=`));
  return entry ? decodeURIComponent(entry.slice(COOKIE.length + 1)) : "";
}
