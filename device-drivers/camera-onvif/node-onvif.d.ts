/** Types of the parts of node-onvif 0.1.7 that this driver uses; the package ships none. */

declare module "node-onvif" {
  import type { Socket } from "node:dgram";

  interface ProbeMatch {
    urn: unknown;
    name: unknown;
    hardware: unknown;
    location: unknown;
    types: unknown;
    xaddrs: unknown;
    scopes: unknown;
  }

  interface OnvifSoap {
    HTTP_TIMEOUT: number;
    /** Sends one SOAP envelope and resolves with the answer's text. */
    _request(address: { readonly href: string }, envelope: string): Promise<string>;
    /** Attribute objects under `$`, namespaces cut off, the envelope itself as root. */
    parse(xml: string): Promise<unknown>;
  }

  const onvif: {
    startProbe(): Promise<ProbeMatch[]>;
    _OnvifSoap: OnvifSoap;
    _udp: Socket | null;
    _DISCOVERY_WAIT: number;
  };
  export default onvif;
}

declare module "node-onvif/lib/modules/service-device.js" {
  interface Answer {
    data: Record<string, unknown>;
    converted: unknown;
  }
  export default class OnvifServiceDevice {
    constructor(params: { xaddr: string });
    user: string;
    pass: string;
    time_diff: number;
    getSystemDateAndTime(): Promise<Answer>;
    getCapabilities(): Promise<Answer>;
    getDeviceInformation(): Promise<Answer>;
  }
}

declare module "node-onvif/lib/modules/service-media.js" {
  interface Answer {
    data: Record<string, unknown>;
  }
  export default class OnvifServiceMedia {
    constructor(params: { xaddr: string; time_diff: number });
    user: string;
    pass: string;
    getProfiles(): Promise<Answer>;
    getStreamUri(params: { ProfileToken: string; Protocol: "UDP" | "HTTP" | "RTSP" }): Promise<Answer>;
    getSnapshotUri(params: { ProfileToken: string }): Promise<Answer>;
  }
}
