// The texts in English.

export const en = {
  // the desk
  sandbox: "sandbox", title: "Simulated WeChat",
  lead: "No real WeChat is involved: people, phones and SMS live on this machine, and the service is called just as WeChat would call it.",
  phones: "Phones on the desk", newPerson: "New person", add: "Add",
  noPhones: "No phone is on the desk. Choose a person above.", phoneOf: "{0}’s phone", putAway: "Put {0}’s phone away",
  failed: "That did not work: {0}", offline: "The sandbox does not answer, reconnecting…",
  // tabs
  tabs: "Screens", tabChat: "Chats", tabScan: "Scan", tabSms: "SMS", tabMini: "Mini", unread: "{0} new",
  // chats
  back: "Back", accounts: "Official accounts", notFollowing: "Not following", follow: "Follow", unfollow: "Unfollow",
  message: "Message", send: "Send", noChat: "No messages yet.", followFirst: "Follow this account to write to it.",
  you: "You: {0}",
  // scan
  inSight: "In sight", noCodes: "Open a login page: its QR code appears here.",
  pasteUrl: "Paste a URL instead", pasteLabel: "URL in a QR code", scan: "Scan", scanOf: "Scan: {0}", open: "Open", openOf: "Open: {0}",
  profileKind: "Official account · not followed", profileTells: "WeChat tells the service nothing until you tap Follow.",
  login: "Log in", left: "{0} left", scannedBy: "scanned by {0}", website: "website", inWechat: "page inside WeChat",
  // sms
  noSms: "No SMS yet.", smsBefore: "Your code for “{0}” is ", smsAfter: ". It is good for {0} min.",
  copy: "Copy", copyCode: "Copy code {0}", copied: "Copied", newSms: "Code {0}", now: "now",
  // mini programs
  miniTitle: "Programs and apps", miniOpen: "Open {0}", miniService: "Address of the service", miniClose: "Close", miniPhone: "Give my phone number",
  miniNone: "No mini program and no app is configured.", miniBusy: "Logging in…", miniAddress: "Say first where the service is.",
  miniTells: "It logs in with WeChat as soon as it opens.",
  miniCode: "mini program", miniCodes: "Codes of mini programs", miniAsks: "Log in to {0}?", miniNear: "In the same network as this phone",
  miniFar: "Not in this phone’s network: is it you who logs in?", miniYes: "Log in", miniNo: "Refuse",
  page_registered: "Logged in on the other screen", page_unregistered: "Go on with your number on the other screen", page_expired: "This login is over",
  miniSilent: "The service does not answer.",
  mini_registered: "Logged in", mini_unregistered: "WeChat knows you; there is no account yet.", mini_other: "The login is “{0}”.",
  mini_problem: "The service refused: {0}",
  // the log
  logTitle: "What WeChat told the service", noLog: "No events yet.",
  subscribe: "follows", unsubscribe: "unfollows", "scan-event": "scans", "text-event": "writes", "click-event": "taps the menu", "picture-event": "sends a picture", "revoke-event": "revokes the authorization",
  silent: "accepted", reply: "replied", fault: "failed", pending: "sending…", resend: "Send again", resendOf: "Send again: event {0}", attempts: "{0} attempts",
  xmlOf: "XML of event {0}",
  // why nothing was sent
  qr_expired: "This code has expired", qr_unknown: "This is not a QR code of this sandbox", already_follows: "Already following",
  does_not_follow: "Follow the account first", text_length: "The message is empty or too long", no_callback_url: "The account has no callback URL",
  // authorization
  actAs: "Act as", allow: "Allow", refuse: "Refuse", goOn: "Go on", later: "Not now", asSnapshot: "As the virtual account of a snapshot page",
  connectTitle: "WeChat authorization", connectProblem: "This link cannot be opened", connectOver: "This page has expired",
  connectAgain: "Start again from the site that sent you here.", onPhone: "Or decide on the simulated phone",
  asks_snsapi_login: "Log in to {0} with WeChat", asks_snsapi_base: "Open {0} inside WeChat", asks_snsapi_userinfo: "{0} asks who you are",
  tells_snsapi_login: "It will know", tells_snsapi_userinfo: "It will know", tells_snsapi_base: "WeChat does not ask you: it will know your openid only. Choose whose WeChat this is.",
  gets_profile: "your name and picture", gets_unionid: "your unionid, the same in all apps of its owner",
  allowed: "{0} has allowed it", refused: "{0} has refused", youAllowed: "Allowed: {0}", youRefused: "Refused: {0}",
  goingBack: "Going back…", stays: "WeChat sends the browser nowhere. You can close this page.",
  problem_fragment: "#wechat_redirect is missing at the end of the URL", problem_appid_missing: "appid is missing",
  problem_appid_unknown: "appid is unknown, or of an app that may not use this page",
  problem_appid_website: "appid is a website’s, which does not work inside WeChat", problem_redirect_missing: "redirect_uri is missing",
  problem_redirect_foreign: "redirect_uri is not in the app’s domain", problem_response_type: "response_type must be code",
  problem_scope_missing: "scope is missing", problem_scope_unknown: "This page has no such scope",
  problem_state: "state is too long or has characters that WeChat does not return",
};
