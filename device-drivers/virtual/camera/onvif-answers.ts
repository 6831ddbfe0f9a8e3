/** What the camera says of itself: Device and Media1 operations (ONVIF Core and Media, version 1 services). */
import type { EncoderOptions } from "./encoder.ts";
import { type SoapAnswer, answer, fault } from "./soap.ts";

export interface CameraFacts {
  readonly name: string;
  readonly serialNumber: string;
  readonly picture: EncoderOptions;
  /** `http://host:port` that the camera claims for its services. */
  readonly claimedHttp: string;
  readonly streamUri: string;
  readonly snapshotUri: string;
  /** The camera's own clock, UTC ms. */
  readonly nowMs: () => number;
  /** Some devices leave out the optional RateControl. */
  readonly rateControl: boolean;
}

/** Operations that need no credentials (ONVIF Core 5.9.4.3, PRE_AUTH). */
export const PRE_AUTH: ReadonlySet<string> = new Set([
  "GetSystemDateAndTime",
  "GetCapabilities",
  "GetServices",
]);

const TOKENS = {
  profile: "profile_main",
  source: "source_1",
  sourceConfig: "source_config_1",
  encoder: "encoder_1",
};

export function answerTo(operation: string, request: string, facts: CameraFacts): SoapAnswer {
  const build = OPERATIONS[operation];
  return build === undefined
    ? fault("ter:ActionNotSupported", "Optional Action Not Implemented", 500)
    : build(facts, request);
}

const OPERATIONS: Readonly<Record<string, (facts: CameraFacts, request: string) => SoapAnswer>> = {
  GetSystemDateAndTime: ({ nowMs }) => {
    const now = new Date(nowMs());
    const time = (hour: number): string =>
      `<tt:Time><tt:Hour>${hour}</tt:Hour><tt:Minute>${now.getUTCMinutes()}</tt:Minute><tt:Second>${now.getUTCSeconds()}</tt:Second></tt:Time>`;
    const date = `<tt:Date><tt:Year>${now.getUTCFullYear()}</tt:Year><tt:Month>${now.getUTCMonth() + 1}</tt:Month><tt:Day>${now.getUTCDate()}</tt:Day></tt:Date>`;
    return answer(
      `<tds:GetSystemDateAndTimeResponse><tds:SystemDateAndTime><tt:DateTimeType>NTP</tt:DateTimeType><tt:DaylightSavings>false</tt:DaylightSavings><tt:TimeZone><tt:TZ>CST-8</tt:TZ></tt:TimeZone><tt:UTCDateTime>${time(now.getUTCHours())}${date}</tt:UTCDateTime></tds:SystemDateAndTime></tds:GetSystemDateAndTimeResponse>`,
    );
  },
  GetCapabilities: ({ claimedHttp }) =>
    answer(
      `<tds:GetCapabilitiesResponse><tds:Capabilities><tt:Device><tt:XAddr>${claimedHttp}/onvif/device_service</tt:XAddr></tt:Device><tt:Media><tt:XAddr>${claimedHttp}/onvif/media_service</tt:XAddr><tt:StreamingCapabilities><tt:RTPMulticast>false</tt:RTPMulticast><tt:RTP_TCP>true</tt:RTP_TCP><tt:RTP_RTSP_TCP>true</tt:RTP_RTSP_TCP></tt:StreamingCapabilities></tt:Media></tds:Capabilities></tds:GetCapabilitiesResponse>`,
    ),
  GetServices: ({ claimedHttp }) => {
    const service = (namespace: string, path: string): string =>
      `<tds:Service><tds:Namespace>${namespace}</tds:Namespace><tds:XAddr>${claimedHttp}${path}</tds:XAddr><tds:Version><tt:Major>2</tt:Major><tt:Minor>60</tt:Minor></tds:Version></tds:Service>`;
    return answer(
      `<tds:GetServicesResponse>${service("http://www.onvif.org/ver10/device/wsdl", "/onvif/device_service")}${service("http://www.onvif.org/ver10/media/wsdl", "/onvif/media_service")}</tds:GetServicesResponse>`,
    );
  },
  GetDeviceInformation: ({ serialNumber }) =>
    answer(
      `<tds:GetDeviceInformationResponse><tds:Manufacturer>Virtual</tds:Manufacturer><tds:Model>VC-1</tds:Model><tds:FirmwareVersion>1.0.0</tds:FirmwareVersion><tds:SerialNumber>${serialNumber}</tds:SerialNumber><tds:HardwareId>1</tds:HardwareId></tds:GetDeviceInformationResponse>`,
    ),
  GetScopes: (facts) =>
    answer(
      `<tds:GetScopesResponse>${scopes(facts.name)
        .map(
          (scope) =>
            `<tds:Scopes><tt:ScopeDef>Fixed</tt:ScopeDef><tt:ScopeItem>${scope}</tt:ScopeItem></tds:Scopes>`,
        )
        .join("")}</tds:GetScopesResponse>`,
    ),
  GetHostname: () =>
    answer(
      "<tds:GetHostnameResponse><tds:HostnameInformation><tt:FromDHCP>false</tt:FromDHCP><tt:Name>virtual-camera</tt:Name></tds:HostnameInformation></tds:GetHostnameResponse>",
    ),
  GetVideoSources: ({ picture }) =>
    answer(
      `<trt:GetVideoSourcesResponse><trt:VideoSources token="${TOKENS.source}"><tt:Framerate>${picture.fps}</tt:Framerate>${resolution(picture)}</trt:VideoSources></trt:GetVideoSourcesResponse>`,
    ),
  GetProfiles: (facts) =>
    answer(`<trt:GetProfilesResponse>${profile("Profiles", facts)}</trt:GetProfilesResponse>`),
  GetProfile: (facts, request) =>
    request.includes(TOKENS.profile)
      ? answer(`<trt:GetProfileResponse>${profile("Profile", facts)}</trt:GetProfileResponse>`)
      : fault("ter:InvalidArgVal", "No such profile"),
  GetVideoEncoderConfigurations: (facts) =>
    answer(
      `<trt:GetVideoEncoderConfigurationsResponse>${encoder("trt:Configurations", facts)}</trt:GetVideoEncoderConfigurationsResponse>`,
    ),
  GetStreamUri: ({ streamUri }, request) => uri("GetStreamUri", streamUri, request),
  GetSnapshotUri: ({ snapshotUri }, request) => uri("GetSnapshotUri", snapshotUri, request),
};

/** Scopes as they are announced, in discovery too. */
export function scopes(name: string): string[] {
  return [
    "onvif://www.onvif.org/Profile/Streaming",
    "onvif://www.onvif.org/type/video_encoder",
    "onvif://www.onvif.org/hardware/VC-1",
    `onvif://www.onvif.org/name/${encodeURIComponent(name.replaceAll(" ", "_"))}`,
    "onvif://www.onvif.org/location/hall",
  ];
}

function uri(operation: string, value: string, request: string): SoapAnswer {
  if (!request.includes(TOKENS.profile)) return fault("ter:InvalidArgVal", "No such profile");
  return answer(
    `<trt:${operation}Response><trt:MediaUri><tt:Uri>${value}</tt:Uri><tt:InvalidAfterConnect>false</tt:InvalidAfterConnect><tt:InvalidAfterReboot>false</tt:InvalidAfterReboot><tt:Timeout>PT0S</tt:Timeout></trt:MediaUri></trt:${operation}Response>`,
  );
}

function resolution({ width, height }: EncoderOptions): string {
  return `<tt:Resolution><tt:Width>${width}</tt:Width><tt:Height>${height}</tt:Height></tt:Resolution>`;
}

function encoder(element: string, { picture, rateControl }: CameraFacts): string {
  const rate = rateControl
    ? `<tt:RateControl><tt:FrameRateLimit>${picture.fps}</tt:FrameRateLimit><tt:EncodingInterval>1</tt:EncodingInterval><tt:BitrateLimit>${picture.bitrateKbps}</tt:BitrateLimit></tt:RateControl>`
    : "";
  return `<${element} token="${TOKENS.encoder}"><tt:Name>main</tt:Name><tt:UseCount>1</tt:UseCount><tt:Encoding>H264</tt:Encoding>${resolution(picture)}<tt:Quality>4</tt:Quality>${rate}<tt:H264><tt:GovLength>${picture.fps}</tt:GovLength><tt:H264Profile>Main</tt:H264Profile></tt:H264><tt:SessionTimeout>PT60S</tt:SessionTimeout></${element}>`;
}

function profile(element: string, facts: CameraFacts): string {
  const { width, height } = facts.picture;
  return `<trt:${element} token="${TOKENS.profile}" fixed="true"><tt:Name>main</tt:Name><tt:VideoSourceConfiguration token="${TOKENS.sourceConfig}"><tt:Name>source</tt:Name><tt:UseCount>1</tt:UseCount><tt:SourceToken>${TOKENS.source}</tt:SourceToken><tt:Bounds x="0" y="0" width="${width}" height="${height}"/></tt:VideoSourceConfiguration>${encoder("tt:VideoEncoderConfiguration", facts)}</trt:${element}>`;
}
