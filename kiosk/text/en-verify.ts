/** English texts of checking a paper, by message id; placeholders are numbers in the order of the Chinese text. */
import { str } from "@lit/localize";
import { shared } from "./en-shared.ts";
import type { Translations } from "./translations.ts";

export const templates: Translations = {
  ...shared,
  "verify.title": "Check a paper",
  "verify.back": "Back to start",
  "verify.lead":
    "Hold the QR code of the paper to the scanner: it tells whether the paper is genuine, unchanged and still in force.",
  "verify.label": "Scan the QR code, or paste its text or a digital receipt",
  "verify.files": "Open a photo of the QR code, a digital receipt or a PDF",
  "verify.submit": "Check",
  "verify.checking": "Checking…",
  "verify.clear": "Clear",
  "verify.noQr": "No QR code was found in the picture. Please hold it straight, with more light.",
  "verify.tooLarge": "The file is too large for a photo, a receipt or a PDF of a paper.",
  "verify.unreadable": "The file can't be read.",
  "verify.away": "The system can't be reached just now; this result rests on the public keys alone.",
  "verify.cannotTell": "Can't tell",
  "verify.noCrypto": "This browser can't check electronic signatures. Please use a newer one.",
  "verify.number": "Number",
  "verify.issued": "Issued",
  "verify.document": "Paper",
  "verify.log": "Log that issued it",
  "verify.seen": "Witnessed",
  "verify.seenBy": str`${0}, ${1}`,
  "verify.duplicates": "Duplicates",
  "verify.duplicatesText": "The slip was printed more than once; from the second on it says 副本 (duplicate)",
  "verify.erased": "Text destroyed by law, proof of issue still valid",
  "verify.erasedText":
    "This gateway did issue the paper. Its text was destroyed when its retention was over and can't be compared any more.",
  "verify.voided": "This paper is void",
  "verify.voidedText":
    "It was issued here, but its number was made void. Please collect the paper that was issued anew.",
  "verify.superseded": "Genuine, but there is a newer paper",
  "verify.supersededText": "A later paper of this kind was issued in the matter; the last one counts.",
  "verify.genuine": "The paper is genuine",
  "verify.genuinePdf": "The file is exactly as it was issued.",
  "verify.genuineOffline":
    "The PDF is exactly as it was issued. Whether it was made void can only be told online.",
  "verify.compare": "Please compare the following with the paper. If it differs, the paper was altered.",
  "verify.seal": "The QR code is genuine",
  "verify.sealText":
    "It was signed with the key of the authority below. Offline, neither the text on the paper nor whether it is void can be checked: check online, or open the digital receipt and the PDF too.",
  "verify.sm2": "SM2 signature",
  "verify.sm2Unchecked": "Not checked: a browser checks Ed25519 only; check online for the SM2 signature",
  "verify.sm2NotInQr": "Not checked: a QR code carries the Ed25519 signature only",
  "verify.receipt": "The digital receipt is genuine",
  "verify.receiptText":
    "It proves that a paper was issued at this time. To check what it says, open its PDF as well.",
  "verify.altered": "Altered or forged",
  "verify.badSignature": "The signature does not fit: the QR code or the receipt was changed.",
  "verify.badProof": "The proof in the receipt does not fit its signature: the receipt was changed.",
  "verify.badPdf":
    "The PDF differs from the one that was issued: it was changed, or belongs to another paper.",
  "verify.notThisPaper":
    "The signature is good but belongs to another paper: the QR code or the receipt was changed.",
  "verify.notAPaper": "This is not the QR code or receipt of a paper. Please scan the whole code again.",
  "verify.noKey":
    "Not a paper of this authority, or an unknown key. Please ask the authority that the paper names.",
  "verify.notFinished":
    "This paper can't be checked just now. Please try again later, or ask at the counter.",
  "verify.logDisagrees":
    "The signature is good, but this gateway's log does not agree with it. The technician has been told; please keep the original.",
  "verify.keepTitle": "Page for checking offline",
  "verify.keepText":
    "Save this page as a file and check papers of this authority later without a network; it holds the public keys.",
  "verify.keep": "Save the offline page",
  "verify.takeTitle": "Your paper",
  "verify.takeText":
    "Please save both files: the PDF is the paper, the digital receipt proves that it was issued here.",
  "verify.takePdf": "Save the PDF",
  "verify.takeReceipt": "Save the digital receipt",
  "verify.offlineLead":
    "This page uses no network and checks signatures by the public keys below. Trust them only if they came from the authority or the central archive.",
  "verify.noPinned": "This page holds no public key. Please add one below.",
  "verify.keys": "Public keys of this page",
  "verify.addKeys": "Add public keys (one a line, or a trust file)",
};
