// Calling codes, and how numbers are written.

/** Region and calling code of ITU E.164, the regions that WeChat's people live in first. */
const REGIONS = `CN86 HK852 MO853 TW886 SG65 MY60 JP81 KR82 US1 CA1 GB44 AU61 NZ64 DE49 FR33 IT39 ES34 TH66 VN84 ID62 PH63 IN91
AD376 AE971 AF93 AG1 AI1 AL355 AM374 AO244 AR54 AS1 AT43 AW297 AZ994 BA387 BB1 BD880 BE32 BF226 BG359 BH973 BI257 BJ229 BM1 BN673
BO591 BR55 BS1 BT975 BW267 BY375 BZ501 CD243 CF236 CG242 CH41 CI225 CK682 CL56 CM237 CO57 CR506 CU53 CV238 CW599 CY357 CZ420 DJ253
DK45 DM1 DO1 DZ213 EC593 EE372 EG20 ER291 ET251 FI358 FJ679 FM691 FO298 GA241 GD1 GE995 GF594 GH233 GI350 GL299 GM220 GN224 GP590
GQ240 GR30 GT502 GU1 GW245 GY592 HN504 HR385 HT509 HU36 IE353 IL972 IQ964 IR98 IS354 JM1 JO962 KE254 KG996 KH855 KI686 KM269 KN1
KW965 KY1 KZ7 LA856 LB961 LC1 LI423 LK94 LR231 LS266 LT370 LU352 LV371 LY218 MA212 MC377 MD373 ME382 MG261 MH692 MK389 ML223 MM95
MN976 MQ596 MR222 MS1 MT356 MU230 MV960 MW265 MX52 MZ258 NA264 NC687 NE227 NG234 NI505 NL31 NO47 NP977 NR674 OM968 PA507 PE51 PF689
PG675 PK92 PL48 PR1 PS970 PT351 PW680 PY595 QA974 RE262 RO40 RS381 RU7 RW250 SA966 SB677 SC248 SD249 SE46 SI386 SK421 SL232 SM378
SN221 SO252 SR597 SS211 ST239 SV503 SY963 SZ268 TC1 TD235 TG228 TJ992 TL670 TM993 TN216 TO676 TR90 TT1 TV688 TZ255 UA380 UG256 UY598
UZ998 VA39 VC1 VE58 VG1 VI1 VU678 WS685 XK383 YE967 ZA27 ZM260 ZW263`;

/** How many digits stand together; four after that. */
const GROUPS = { 86: [3, 4, 4], 886: [3, 3, 3], 1: [3, 3, 4], 82: [2, 4, 4], 81: [2, 4, 4], 44: [4, 3, 3], 33: [1, 2, 2, 2, 2] };

/** Where the zero in front of a number at home is a part of it abroad, too. */
const KEEPS_ZERO = /^(39|225|229|241|242|378)$/;

/** Returns the countries to offer, with their names; `codes` are those that SMS go to, all of them where there are none. */
export function countries(language, t, has, codes) {
	const names = new Intl.DisplayNames([language], { type: 'region' });
	const all = REGIONS.split(/\s+/).map((entry) => {
		const region = entry.slice(0, 2);
		const own = `region_${region}`;
		return { region, code: entry.slice(2), name: has(own) ? t(own) : names.of(region) };
	});
	const offered = codes?.length && !codes.includes('*') ? all.filter(({ code }) => codes.includes(code)) : all;
	return offered.length ? offered : all;
}

/** Returns digits out of whatever was typed or pasted, full-width ones too. */
export const digitsOf = (text) => text.normalize('NFKC').replace(/\D/g, '');

/** Returns the digits in groups, as people read them. */
export function grouped(digits, code) {
	const groups = [];
	let rest = digits;
	for (const size of GROUPS[code] ?? []) {
		groups.push(rest.slice(0, size));
		rest = rest.slice(size);
	}
	return [...groups, ...(rest.match(/.{1,4}/g) ?? [])].filter(Boolean).join(' ');
}

/** Returns the whole number as E.164 has it. */
export const international = (digits, code) => `+${code}${KEEPS_ZERO.test(code) ? digits : digits.replace(/^0/, '')}`;

/** Splits a number that begins with `+` or `00` into its country and the rest; `null` where it does neither. */
export function split(text, offered) {
	const plain = text.normalize('NFKC').trim();
	if (!/^(\+|00)/.test(plain)) return null;
	const digits = digitsOf(plain).replace(/^00/, '');
	const fitting = offered.filter(({ code }) => digits.startsWith(code));
	const country = fitting.sort((a, b) => b.code.length - a.code.length)[0];
	return country && { country, rest: digits.slice(country.code.length) };
}
