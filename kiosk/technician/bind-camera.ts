/** Finding a camera (multicast on this click only), asking it what it is, and binding it to a counter. */
import { localized, msg, str } from "@lit/localize";
import { LitElement, html, nothing } from "lit";
import { customElement, property, state } from "lit/decorators.js";
import type { CameraDescription, FoundCamera } from "../../gateway/http/contract/cameras.ts";
import type { CatalogueView } from "../../gateway/http/contract/intake.ts";
import type { CameraId, CounterId } from "../../gateway/domain/ids.ts";
import { call, newCommandId } from "../api.ts";
import { Task } from "../controllers/task.ts";
import { h265Hint } from "../elements/camera-words.ts";
import { chip, chipStyles } from "../elements/chip.ts";
import { failure, failureStyles } from "../elements/failure.ts";
import { choice, field } from "../elements/field.ts";
import { icon } from "../elements/icon.ts";
import { controls } from "../style/controls.ts";
import { deskPage } from "../style/desk-page.ts";

type Profile = CameraDescription["profiles"][number];

function streamCodec({ codec }: Profile): "h264" | "h265" | "unknown" {
  return codec === "h264" || codec === "h265" ? codec : "unknown";
}

function profileWords({ name, codec, width, height }: Profile): string {
  return `${name} ${codec.toUpperCase()} ${width ?? "?"}×${height ?? "?"}`;
}

@customElement("cg-bind-camera")
@localized()
export class BindCamera extends LitElement {
  @property({ attribute: false }) counters: CatalogueView["counters"] = [];
  @state() private address = "";
  @state() private user = "";
  @state() private password = "";
  @state() private profileToken = "";
  @state() private subToken = "";
  @state() private cameraId = "";
  @state() private name = "";
  @state() private counterId: CounterId | "" = "";
  readonly #found = new Task(this, async (signal) => call("POST /api/camera-discoveries", { signal }));
  readonly #described = new Task(this, async (signal) =>
    call("POST /api/camera-descriptions", {
      body: { xaddr: this.address.trim(), credentials: this.#credentials() },
      signal,
    }),
  );
  readonly #bound = new Task(this, async (signal) => {
    const description = this.#described.value;
    const profile = description?.profiles.find(({ token }) => token === this.profileToken);
    const sub = description?.profiles.find(({ token }) => token === this.subToken);
    if (
      this.counterId === "" ||
      description === undefined ||
      profile === undefined ||
      profile.streamUri === null
    )
      return;
    await call("PUT /api/cameras/:id", {
      params: { id: this.cameraId.trim() as CameraId },
      body: {
        commandId: newCommandId(),
        name: this.name.trim(),
        counterId: this.counterId,
        xaddr: description.xaddr,
        rtspUrl: profile.streamUri,
        profileToken: profile.token,
        codec: streamCodec(profile),
        ...(sub === undefined || sub.streamUri === null || sub.token === profile.token
          ? {}
          : { sub: { rtspUrl: sub.streamUri, profileToken: sub.token, codec: streamCodec(sub) } }),
        ...(description.manufacturer === "" ? {} : { manufacturer: description.manufacturer }),
        ...(description.model === "" ? {} : { model: description.model }),
        ...(description.serialNumber === "" ? {} : { serialNumber: description.serialNumber }),
        credentials: this.#credentials(),
      },
      signal,
    });
    this.password = "";
    this.dispatchEvent(new Event("cg-bound"));
  });

  static override readonly styles = [controls, deskPage, chipStyles, failureStyles];

  override render() {
    return html`<section class="panel stack">
      <div class="row spread">
        <h3>${msg("一、查找", { id: "bindCamera.find" })}</h3>
        <button type="button" ?disabled=${this.#found.pending} @click=${() => this.#found.run()}>
          ${
            this.#found.pending
              ? msg("正在查找…", { id: "bindCamera.finding" })
              : msg("在局域网中查找", { id: "bindCamera.discover" })
          }
        </button>
      </div>
      ${failure(this.#found.error)} ${this.#list()}
      <h3>${msg("二、识别", { id: "bindCamera.describe" })}</h3>
      <form class="grid" @submit=${this.#describe}>
        ${field({
          id: "address",
          label: msg("设备地址", { id: "bindCamera.address" }),
          value: this.address,
          onInput: (value) => (this.address = value),
        })}
        ${field({
          id: "user",
          label: msg("摄像机用户名", { id: "bindCamera.user" }),
          value: this.user,
          onInput: (value) => (this.user = value),
        })}
        ${field({
          id: "password",
          label: msg("摄像机密码", { id: "bindCamera.password" }),
          type: "password",
          autocomplete: "new-password",
          value: this.password,
          onInput: (value) => (this.password = value),
        })}
        <button
          type="submit"
          class="primary"
          ?disabled=${this.address.trim() === "" || this.#described.pending}
        >
          ${
            this.#described.pending
              ? msg("正在连接…", { id: "bindCamera.describing" })
              : msg("识别", { id: "bindCamera.describeSubmit" })
          }
        </button>
      </form>
      ${failure(this.#described.error)}
      ${this.#described.value === undefined ? nothing : this.#binding(this.#described.value)}
    </section>`;
  }

  #list() {
    const found = this.#found.value;
    if (found === undefined) return nothing;
    if (found.length === 0)
      return html`<p class="soft">${msg("没有找到摄像机。", { id: "bindCamera.noneFound" })}</p>`;
    return html`<ul class="stack">
      ${found.map((camera) => this.#row(camera))}
    </ul>`;
  }

  #row(camera: FoundCamera) {
    const [address = ""] = camera.xaddrs;
    return html`<li class="row spread">
      <span>
        ${icon("camera")} ${camera.name || msg("未命名设备", { id: "bindCamera.unnamed" })}
        <span class="soft small">${camera.hardware} ${camera.location} ${address}</span>
      </span>
      ${
        camera.boundAs === null
          ? html`<button type="button" @click=${() => (this.address = address)}>
              ${msg("选用", { id: "bindCamera.choose" })}
            </button>`
          : chip("plain", msg(str`已绑定为 ${camera.boundAs}`, { id: "bindCamera.boundAs" }))
      }
    </li>`;
  }

  #binding(description: CameraDescription) {
    return html`<h3>${msg("三、绑定到窗口", { id: "bindCamera.bind" })}</h3>
      <p>
        ${description.manufacturer} ${description.model}
        <span class="soft small">${description.firmware}　${description.serialNumber}</span>
        ${
          description.clockOffsetMs === null
            ? nothing
            : chip(
                Math.abs(description.clockOffsetMs) > 2_000 ? "warn" : "ok",
                msg(str`时钟偏差 ${description.clockOffsetMs} ms`, { id: "bindCamera.clockOffset" }),
                "clock",
              )
        }
      </p>
      ${failure(this.#bound.error)}
      <form class="grid" @submit=${this.#bind}>
        ${choice({
          id: "profile",
          label: msg("录像码流", { id: "bindCamera.profile" }),
          value: this.profileToken,
          choices: description.profiles.map((profile) => [profile.token, profileWords(profile)]),
          onInput: (value) => (this.profileToken = value),
        })}
        ${choice({
          id: "subProfile",
          label: msg("实时画面用的子码流", { id: "bindCamera.subProfile" }),
          value: this.subToken,
          empty: msg("不用子码流", { id: "bindCamera.noSubProfile" }),
          choices: description.profiles
            .filter(({ token, streamUri }) => token !== this.profileToken && streamUri !== null)
            .map((profile) => [profile.token, profileWords(profile)]),
          onInput: (value) => (this.subToken = value),
          ...(this.#onlyH265(description) ? { hint: h265Hint() } : {}),
        })}
        ${field({
          id: "cameraId",
          label: msg("编号（小写字母和数字）", { id: "bindCamera.id" }),
          value: this.cameraId,
          onInput: (value) => (this.cameraId = value),
        })}
        ${field({
          id: "cameraName",
          label: msg("名称", { id: "bindCamera.name" }),
          value: this.name,
          onInput: (value) => (this.name = value),
        })}
        ${choice<CounterId>({
          id: "counter",
          label: msg("窗口", { id: "cameras.counter" }),
          value: this.counterId,
          empty: msg("请选择窗口", { id: "bindCamera.chooseCounter" }),
          choices: this.counters.map(({ id, name }) => [id, name]),
          onInput: (value) => (this.counterId = value),
        })}
        <button type="submit" class="primary" ?disabled=${!this.#complete || this.#bound.pending}>
          ${msg("绑定并开始录像", { id: "bindCamera.submit" })}
        </button>
      </form>`;
  }

  /** Nothing that is chosen plays in every browser. */
  #onlyH265({ profiles }: CameraDescription): boolean {
    const chosen = profiles.filter(({ token }) => token === this.profileToken || token === this.subToken);
    return chosen.length > 0 && chosen.every(({ codec }) => codec === "h265");
  }

  get #complete(): boolean {
    return (
      this.counterId !== "" &&
      this.name.trim() !== "" &&
      /^[a-z0-9][a-z0-9.-]{0,63}$/.test(this.cameraId.trim())
    );
  }

  #credentials() {
    return { username: this.user, password: this.password };
  }

  readonly #describe = async (event: SubmitEvent): Promise<void> => {
    event.preventDefault();
    const description = await this.#described.run();
    this.profileToken = description?.recommendedProfileToken ?? "";
    this.subToken = description?.recommendedSubProfileToken ?? "";
    if (this.counters.length === 1) this.counterId = this.counters[0]?.id ?? "";
  };

  readonly #bind = (event: SubmitEvent): void => {
    event.preventDefault();
    void this.#bound.run();
  };
}

declare global {
  interface HTMLElementTagNameMap {
    "cg-bind-camera": BindCamera;
  }
}
