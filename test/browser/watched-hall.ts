/** What technician and supervisor of the made-up hall see; typed by the contract. */
import type { LogId, Seq } from "../../gateway/domain/ids.ts";
import type { Api } from "../../gateway/http/contract/api.ts";
import type { CameraView } from "../../gateway/http/contract/cameras.ts";
import { NOW_MS, camera, session } from "./hall.ts";

const HOUR_MS = 3_600_000;
/** Ids are brands of strings and numbers; a test may make one up. */
const id = <Id extends string | number>(value: string | number): Id => value as Id;
const entry = (number: number) => ({ logId: id<LogId>("2026"), seq: id<Seq>(number) });

export const cameraAway: CameraView = {
  ...camera,
  id: id("cam-2"),
  counterId: id("w2"),
  name: "2 号窗口",
  state: "offline",
  cause: "unreachable",
};

const coverage: Api["GET /api/cameras/:id/coverage"]["answer"] = {
  cameraId: camera.id,
  fromMs: NOW_MS - HOUR_MS,
  toMs: NOW_MS,
  spans: [
    { fromMs: NOW_MS - HOUR_MS, toMs: NOW_MS - 0.6 * HOUR_MS, first: entry(120), last: entry(840) },
    { fromMs: NOW_MS - 0.5 * HOUR_MS, toMs: NOW_MS, first: entry(843), last: entry(1743) },
  ],
  gaps: [
    {
      cameraId: camera.id,
      fromMs: NOW_MS - 0.6 * HOUR_MS,
      toMs: NOW_MS - 0.5 * HOUR_MS,
      causes: ["disconnected"],
      ref: entry(841),
    },
  ],
  complete: false,
};

const files: Api["GET /api/dock-files"]["answer"] = [
  {
    fileId: "file-1",
    ref: { logId: id("2026"), seq: id(3) },
    sizeBytes: 123_456_789,
    sha256: id("ab".repeat(32)),
    storedAt: NOW_MS,
    media: { durationMs: 600_000, container: "mp4", codec: "h264", width: 1280, height: 720 },
    probeProblem: null,
    claims: [
      {
        dockId: id("dock-1"),
        camera: "A000001",
        vendorName: "A000001_013322_20260302083000.MP4",
        officerClaim: null,
        deviceStartMs: NOW_MS - HOUR_MS,
        deviceEndMs: null,
        clockOffsetMs: 4_000,
        correctedStartMs: NOW_MS - HOUR_MS - 4_000,
        correctedEndMs: null,
        clockSuspect: true,
        keyMarked: true,
      },
    ],
    labels: null,
    missingLabels: ["matter", "party", "officer", "certNo"],
    late: null,
  },
];

const bay = { camera: null, batteryPercent: null, storageUsedBytes: null, storageTotalBytes: null };

export const technicianAnswers = {
  "GET /api/session": session("technician"),
  "GET /api/docks": [
    {
      id: id("dock-1"),
      state: "online",
      vendor: "虚拟",
      model: "D8",
      firmware: "1.0",
      since: NOW_MS,
      missing: 2,
      bays: [
        { ...bay, bay: 1, state: "charging", camera: "A000001", batteryPercent: 80 },
        { ...bay, bay: 2, state: "empty" },
      ],
    },
  ],
  "GET /api/dock-files": files,
  "GET /api/archive": {
    enrolled: true,
    withheldPacks: 0,
    url: "https://archive.example",
    lastPassAt: NOW_MS - HOUR_MS,
    fault: null,
    exposureMs: 95_000,
    exposureLimitMs: HOUR_MS,
  },
  "GET /healthz": {
    version: "0.1.0",
    uptimeS: 86_400,
    cameras: [{ id: "cam-1", state: "recording", lastFragmentAgeMs: 900 }],
    log: { size: 1_234_567, checkpointAgeMs: 800 },
    exposureMs: 95_000,
    freeBytes: 812e9,
  },
  "GET /api/alarms": [
    {
      code: "recording.stall",
      subject: "cam-2",
      since: NOW_MS - HOUR_MS,
      lastAt: NOW_MS,
      count: 3,
      seenBy: null,
      clearedAt: null,
      detail: "no picture",
    },
  ],
  "POST /api/camera-discoveries": [
    {
      endpoint: "urn:uuid:1",
      name: "Virtual camera",
      hardware: "VC-1",
      location: "",
      xaddrs: ["http://192.168.8.21/onvif/device_service"],
      boundAs: null,
    },
  ],
  "POST /api/camera-descriptions": {
    xaddr: "http://192.168.8.21/onvif/device_service",
    manufacturer: "Virtual",
    model: "VC-1",
    firmware: "1.0",
    serialNumber: "0001",
    clockOffsetMs: 3_200,
    profiles: [
      {
        token: "main",
        name: "main",
        codec: "h264",
        width: 1920,
        height: 1080,
        fps: 25,
        streamUri: "rtsp://192.168.8.21/main",
      },
      {
        token: "sub",
        name: "sub",
        codec: "h264",
        width: 640,
        height: 360,
        fps: 15,
        streamUri: "rtsp://192.168.8.21/sub",
      },
    ],
    recommendedProfileToken: "main",
    recommendedSubProfileToken: "sub",
  },
  "PUT /api/cameras/:id": camera,
  "POST /api/kiosk/binding-codes": { code: "7K4M-92QX", expiresAt: NOW_MS },
} satisfies Partial<{ [A in keyof Api]: Api[A]["answer"] }>;

export const supervisorAnswers = {
  "GET /api/session": session("supervisor"),
  "GET /api/dock-files": files,
  "PUT /api/dock-files/:fileId/labels": files[0] as (typeof files)[number],
  "GET /api/cameras/:id/coverage": coverage,
  "POST /api/viewings": {
    viewingId: "a".repeat(32),
    playlist: `/api/viewings/${"a".repeat(32)}/playlist.m3u8`,
    coverage,
    until: NOW_MS + HOUR_MS,
  },
  "GET /api/viewings/:viewingId/segments": [],
  "GET /api/ledgers/access": {
    rows: [
      {
        ref: { logId: id("2026"), seq: id(1) },
        at: NOW_MS,
        by: "wang",
        act: "view",
        subject: "camera/cam-1",
        reason: "投诉核查",
        applicationId: null,
        fromMs: NOW_MS - HOUR_MS,
        toMs: NOW_MS,
        basis: "inspection",
        requestId: null,
      },
    ],
    next: "1",
  },
  "GET /api/ledgers/documents": {
    rows: [
      {
        documentId: id("doc-17-2"),
        applicationId: id("g1-2026-000017"),
        kind: "correctionNotice",
        number: "昌市监补〔2026〕G1-000008号",
        issuedAt: NOW_MS,
        printCount: 2,
        served: false,
      },
    ],
  },
} satisfies Partial<{ [A in keyof Api]: Api[A]["answer"] }>;
