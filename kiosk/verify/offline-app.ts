/**
 * The offline page: QR text, digital receipt and PDF against the public keys that are pinned in the file, or that
 * somebody adds. Invariant: it asks no network for anything; what it says follows from the file and what is shown.
 */
import { localized, msg } from "@lit/localize";
import { LitElement, css, html, nothing } from "lit";
import { customElement, state } from "lit/decorators.js";
import { type VerifierKey, formatVerifierKey } from "../../gateway/evidence/verifier-key.ts";
import "../elements/reading-toggles.ts";
import { controls } from "../style/controls.ts";
import { frameStyles } from "./frame.styles.ts";
import { keysIn } from "./pinned-keys.ts";
import "./paper-check.ts";

@customElement("cg-verify-offline")
@localized()
export class OfflineVerifyPage extends LitElement {
  @state() private keys: readonly VerifierKey[] = keysIn(
    document.getElementById("pinned")?.textContent ?? "",
  );

  static override readonly styles = [
    controls,
    frameStyles,
    css`
      details {
        display: grid;
        gap: var(--space-3);
      }
      summary {
        min-block-size: 44px;
        font-weight: 600;
        cursor: pointer;
      }
      code {
        display: block;
        overflow-wrap: anywhere;
      }
      textarea {
        inline-size: 100%;
        min-block-size: 5rem;
        border: 2px solid var(--line-strong);
        border-radius: var(--radius);
        background: var(--surface);
      }
    `,
  ];

  override render() {
    return html`<header>
        <h1>${msg("查验文书", { id: "verify.title" })}</h1>
        <cg-reading-toggles compact></cg-reading-toggles>
      </header>
      <main>
        <p>
          ${msg("本页不联网，只凭下列公钥核对签名。公钥要从签发机关或中心档案取得，才值得相信。", {
            id: "verify.offlineLead",
          })}
        </p>
        ${
          this.keys.length === 0
            ? html`<p role="alert">${msg("本页没有公钥，请在下面添加。", { id: "verify.noPinned" })}</p>`
            : nothing
        }
        <cg-paper-check files .checker=${{ keys: this.keys }}></cg-paper-check>
        <details class="keep">
          <summary>${msg("本页使用的公钥", { id: "verify.keys" })}</summary>
          <ul>
            ${this.keys.map((key) => html`<li><code>${formatVerifierKey(key)}</code></li>`)}
          </ul>
          <label for="more">${msg("添加公钥（每行一个，或信任文件）", { id: "verify.addKeys" })}</label>
          <textarea
            id="more"
            spellcheck="false"
            @input=${(event: Event) => this.#add((event.currentTarget as HTMLTextAreaElement).value)}
          ></textarea>
        </details>
      </main>`;
  }

  #add(text: string): void {
    const known = new Map([...this.keys, ...keysIn(text)].map((key) => [formatVerifierKey(key), key]));
    this.keys = [...known.values()];
  }
}

declare global {
  interface HTMLElementTagNameMap {
    "cg-verify-offline": OfflineVerifyPage;
  }
}
