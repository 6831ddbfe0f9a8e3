/** SOAP 1.2 envelopes of the camera's answers and faults, with the namespaces of ONVIF. */

const NAMESPACES = [
  'xmlns:s="http://www.w3.org/2003/05/soap-envelope"',
  'xmlns:tds="http://www.onvif.org/ver10/device/wsdl"',
  'xmlns:trt="http://www.onvif.org/ver10/media/wsdl"',
  'xmlns:tt="http://www.onvif.org/ver10/schema"',
  'xmlns:ter="http://www.onvif.org/ver10/error"',
].join(" ");

export interface SoapAnswer {
  readonly status: number;
  readonly xml: string;
}

export function answer(body: string): SoapAnswer {
  return { status: 200, xml: envelope(body) };
}

/** `subcode` such as `ter:NotAuthorized` (ONVIF Core 5.8.2). */
export function fault(subcode: string, reason: string, status = 400): SoapAnswer {
  return {
    status,
    xml: envelope(
      `<s:Fault><s:Code><s:Value>s:Sender</s:Value><s:Subcode><s:Value>${subcode}</s:Value></s:Subcode></s:Code><s:Reason><s:Text xml:lang="en">${reason}</s:Text></s:Reason></s:Fault>`,
    ),
  };
}

function envelope(body: string): string {
  return `<?xml version="1.0" encoding="UTF-8"?>\n<s:Envelope ${NAMESPACES}><s:Body>${body}</s:Body></s:Envelope>`;
}

/** Local name of the first element in the body, such as `GetProfiles`. */
export function operationOf(request: string): string | undefined {
  return /<(?:[\w-]+:)?Body(?:\s[^>]*)?>\s*<(?:[\w-]+:)?([\w-]+)/.exec(request)?.[1];
}
