/**
 * Answers WS-Discovery probes (WS-Discovery 2005/04, UDP 3702). Invariant: it joins the multicast group on the
 * loopback interface only, so no packet leaves the machine.
 */
import { createSocket } from "node:dgram";
import { randomUUID } from "node:crypto";
import { scopes } from "./onvif-answers.ts";

const GROUP = "239.255.255.250";
const PORT = 3702;
const LOOPBACK = "127.0.0.1";

export interface DiscoveryOptions {
  readonly endpoint: string;
  readonly name: string;
  readonly xaddr: string;
}

export async function answerProbes(options: DiscoveryOptions): Promise<() => Promise<void>> {
  const socket = createSocket({ type: "udp4", reuseAddr: true });
  await new Promise<void>((resolve, reject) => {
    socket.once("error", reject);
    socket.bind(PORT, () => {
      socket.removeListener("error", reject);
      resolve();
    });
  });
  socket.addMembership(GROUP, LOOPBACK);
  socket.setMulticastInterface(LOOPBACK);
  socket.on("error", () => undefined);
  socket.on("message", (message, from) => {
    const probe = message.toString("utf8");
    const id = /<(?:[\w-]+:)?MessageID[^>]*>([^<]{1,200})</.exec(probe)?.[1];
    if (id === undefined || !/discovery\/Probe</.test(probe)) return;
    const types = /<(?:[\w-]+:)?Types[^>]*>([^<]*)</.exec(probe)?.[1] ?? "";
    if (types.trim() !== "" && !/NetworkVideoTransmitter|Device/.test(types)) return;
    socket.send(probeMatch(options, id), from.port, from.address, () => undefined);
  });
  return () => new Promise((resolve) => socket.close(() => resolve()));
}

function probeMatch(options: DiscoveryOptions, relatesTo: string): string {
  return `<?xml version="1.0" encoding="UTF-8"?>
<s:Envelope xmlns:s="http://www.w3.org/2003/05/soap-envelope" xmlns:a="http://schemas.xmlsoap.org/ws/2004/08/addressing" xmlns:d="http://schemas.xmlsoap.org/ws/2005/04/discovery" xmlns:dn="http://www.onvif.org/ver10/network/wsdl"><s:Header><a:MessageID>urn:uuid:${randomUUID()}</a:MessageID><a:RelatesTo>${relatesTo}</a:RelatesTo><a:To>http://schemas.xmlsoap.org/ws/2004/08/addressing/role/anonymous</a:To><a:Action>http://schemas.xmlsoap.org/ws/2005/04/discovery/ProbeMatches</a:Action></s:Header><s:Body><d:ProbeMatches><d:ProbeMatch><a:EndpointReference><a:Address>${options.endpoint}</a:Address></a:EndpointReference><d:Types>dn:NetworkVideoTransmitter</d:Types><d:Scopes>${scopes(options.name).join(" ")}</d:Scopes><d:XAddrs>${options.xaddr}</d:XAddrs><d:MetadataVersion>1</d:MetadataVersion></d:ProbeMatch></d:ProbeMatches></s:Body></s:Envelope>`;
}
