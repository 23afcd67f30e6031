/**
 * Types of EmbedChat, the one global of an embed script. Put this file among the sources of your project:
 * it declares a global, there is nothing to import.
 *
 * EmbedChat exists once the snippet's first tag has run, or embed.js itself.
 */
declare var EmbedChat: EmbedChat.Global;

declare namespace EmbedChat {
  interface Global {
    /** Starts the chat now; with `consent: true` only once there is consent. */
    (command: 'load'): void;

    /** Grants consent, or withdraws it: that removes the chat, its cookies and its globals. */
    (command: 'consent', granted: boolean): void;

    /** Token mode: says who the customer is. Asked at each start, and again when the token expires. */
    (command: 'identify', source: IdentitySource): void;

    /** Changes the language of a chat that has not started. */
    (command: 'update', changes: { locale: string }): void;

    /** Logout: leaves no datum of the user behind. */
    (command: 'reset'): void;

    /** Removes everything. Loading embed.js again brings the chat back. */
    (command: 'destroy'): void;

    /**
     * Subscribes to an event. Whoever subscribes late is told what has happened since the last start.
     *
     * @returns What ends the subscription; undefined as long as embed.js has not arrived.
     */
    <Name extends keyof Events>(command: 'on', event: Name, listener: (detail: Events[Name]) => void): (() => void) | undefined;

    /** Calls made before embed.js has arrived. */
    q?: ArrayLike<unknown>[];
  }

  /** Gives the customer, or nothing if nobody is signed in: the `unauthenticated` event follows. */
  type IdentitySource = () => Identity | null | undefined | Promise<Identity | null | undefined>;

  interface Identity {
    /** What your server made, and will be asked about by CEC. */
    thirdUserToken: string;
    /** At most 32 characters, better 24. */
    thirdUserId: string;
    /** Shown to the agent; thirdUserId if left out. */
    thirdUserName?: string;
    /** When the token ends: ISO 8601, or epoch milliseconds. */
    expiresAt?: string | number;
  }

  interface Events {
    /** CEC's icon is there. */
    ready: Ready;
    /** Something failed. An error that nobody listens for is a warning on the console. */
    error: Failure;
    /** Nobody is signed in; the chat did not start. */
    unauthenticated: Unauthenticated;
    /** The chat is gone, as asked. */
    destroyed: Destroyed;
  }

  interface Ready {
    /** Tenant and channel: "acme/web_support". */
    channel: string;
  }

  interface Failure {
    code: ErrorCode;
    /** For developers; may change. */
    message: string;
    /** HTTP status, where there is one. */
    status?: number;
  }

  interface Unauthenticated {
    code: 'unauthenticated';
    message: string;
    status?: number;
  }

  interface Destroyed {
    /** The call that removed the chat. */
    reason: 'consent' | 'reset' | 'destroy';
  }

  /** Codes are stable; a later version may add some. */
  type ErrorCode =
    /** What identify was given threw or gave no usable identity, or the token endpoint refused. */
    | 'identity_failed'
    /** The authorization or token endpoint was not reached. */
    | 'identity_network'
    /** The authorization endpoint refused, or its answer has no signature. */
    | 'sign_refused'
    /** CEC was not reached: offline, CORS, or the page's connect-src. */
    | 'cec_network'
    /** CEC answered with a status other than 2xx; `status` has it. */
    | 'cec_refused'
    /** CEC answered 200 with nothing: a refusal too. */
    | 'cec_empty'
    /** CEC answered with HTML or JSON where a script belongs: a login or error page. */
    | 'cec_not_script'
    /** CEC's script has a syntax error, or threw while it ran or in a timer of its. */
    | 'script_failed'
    /** The page's Content-Security-Policy forbids CEC's script: put the nonce on our tag. */
    | 'script_blocked'
    /** Our own second script, assets/client.<hash>.js, did not load. */
    | 'client_blocked'
    /** A library or co-browsing script did not load; the start goes on with a stand-in, or without. */
    | 'library_blocked'
    /** CEC's script called $(…), which needs jQuery: see `libraries.jquery`. */
    | 'jquery_missing'
    /** Another channel's embed script is already on this page. */
    | 'second_channel'
    /** Touch-only device, or a browser without what the chat needs. */
    | 'unsupported_browser'
    /** EmbedChat was called with an unknown command or unusable arguments. */
    | 'bad_call'
    /** Something did not answer in time, or CEC's script never called thirdValidate. */
    | 'timeout'
    /** A fault of this script. */
    | 'unexpected';
}
