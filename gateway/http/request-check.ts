/**
 * Checks what comes in against its schema. Invariant: a body and an address are taken as they are or not at all; only
 * a query, which is text by nature, is converted to what its schema says.
 */
import { TypeBoxValidatorCompiler } from "@fastify/type-provider-typebox";

/** As the provider's own, but without conversion of parameters: it can't read the name `*` of a wildcard. */
export const requestCheck: typeof TypeBoxValidatorCompiler = (route) =>
  TypeBoxValidatorCompiler(route.httpPart === "params" ? { ...route, httpPart: "body" } : route);
