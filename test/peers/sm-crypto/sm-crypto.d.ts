/** The part of sm-crypto that the tests call; the package has no types. Everything is lower-case hexadecimal. */
declare module "sm-crypto" {
  export const sm2: {
    generateKeyPairHex(): { readonly publicKey: string; readonly privateKey: string };
    doSignature(
      message: number[] | string,
      privateKey: string,
      options?: { readonly hash?: boolean; readonly der?: boolean; readonly publicKey?: string },
    ): string;
    doVerifySignature(
      message: number[] | string,
      signature: string,
      publicKey: string,
      options?: { readonly hash?: boolean; readonly der?: boolean },
    ): boolean;
  };
  export function sm3(message: number[] | string): string;
}
