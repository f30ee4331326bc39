/*
 * One end of a QUIC TLS 1.3 handshake, by GnuTLS 3.7 or later, driven over stdin and stdout. It opens no socket: what would go into CRYPTO
 * frames is written as lines of hexadecimal, so that a test can play the network.
 *
 *   gnutls-peer client|server PRIORITY none|ed25519|ecdsa|rsa ALPN [request]
 *
 * in:   IN level bytes                     CRYPTO bytes for this end
 * out:  CERT bytes                         the certificate it made for itself
 *       OUT level bytes                    CRYPTO bytes from this end
 *       SECRET level read write            traffic secrets, "-" for one that is not there
 *       PARAMETERS bytes                   the other end's transport parameters
 *       DONE alpn name certificates exporter
 *       ALERT number                       the alert it would send
 *       ERROR text
 *       WAIT                               it has said all it has to say until the next IN
 *
 * Levels are those of gnutls_record_encryption_level_t: 0 Initial, 2 Handshake, 3 Application.
 */
#include <gnutls/gnutls.h>
#include <gnutls/x509.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

enum {
    EXTENSION_TRANSPORT_PARAMETERS = 0x39,
    BYTES_MAX = 128 * 1024,
    EXPORTER_SIZE = 32,
};

static const unsigned char transport_parameters[] = {0x04, 0x01, 0x42};

static void print_hex(const unsigned char *bytes, size_t count)
{
    for (size_t i = 0; i < count; i++) {
        printf("%02x", bytes[i]);
    }
}

static void print_line(const char *name, const unsigned char *bytes, size_t count)
{
    printf("%s ", name);
    print_hex(bytes, count);
    printf("\n");
}

static void require(int result, const char *what)
{
    if (result < 0) {
        printf("ERROR %s: %s\n", what, gnutls_strerror(result));
        fflush(stdout);
        exit(1);
    }
}

static int on_secret(gnutls_session_t session, gnutls_record_encryption_level_t level, const void *read, const void *write, size_t size)
{
    (void)session;
    printf("SECRET %d ", (int)level);
    if (read) {
        print_hex(read, size);
    } else {
        printf("-");
    }
    printf(" ");
    if (write) {
        print_hex(write, size);
    } else {
        printf("-");
    }
    printf("\n");
    return 0;
}

static int on_output(gnutls_session_t session, gnutls_record_encryption_level_t level, gnutls_handshake_description_t type, const void *bytes, size_t count)
{
    (void)session;
    if (type != GNUTLS_HANDSHAKE_CHANGE_CIPHER_SPEC) {
        printf("OUT %d ", (int)level);
        print_hex(bytes, count);
        printf("\n");
    }
    return 0;
}

static int on_alert(gnutls_session_t session, gnutls_record_encryption_level_t level, gnutls_alert_level_t severity, gnutls_alert_description_t alert)
{
    (void)session;
    (void)level;
    (void)severity;
    printf("ALERT %d\n", (int)alert);
    return 0;
}

static int on_parameters_received(gnutls_session_t session, const unsigned char *bytes, size_t count)
{
    (void)session;
    print_line("PARAMETERS", bytes, count);
    return 0;
}

static int on_parameters_wanted(gnutls_session_t session, gnutls_buffer_t buffer)
{
    (void)session;
    require(gnutls_buffer_append_data(buffer, transport_parameters, sizeof transport_parameters), "parameters");
    return (int)sizeof transport_parameters;
}

/* A key of the kind asked for, and a certificate it signs for itself. */
static void make_certificate(gnutls_certificate_credentials_t credentials, const char *kind)
{
    gnutls_x509_privkey_t key;
    gnutls_x509_crt_t certificate;
    gnutls_datum_t der;
    unsigned char serial = 1;
    int rsa = !strcmp(kind, "rsa");
    int ecdsa = !strcmp(kind, "ecdsa");

    require(gnutls_x509_privkey_init(&key), "key");
    require(gnutls_x509_privkey_generate(
                key,
                rsa ? GNUTLS_PK_RSA : ecdsa ? GNUTLS_PK_ECDSA : GNUTLS_PK_EDDSA_ED25519,
                rsa ? 2048 : ecdsa ? GNUTLS_CURVE_TO_BITS(GNUTLS_ECC_CURVE_SECP256R1) : 0,
                0),
            "generate");
    require(gnutls_x509_crt_init(&certificate), "certificate");
    require(gnutls_x509_crt_set_version(certificate, 3), "version");
    require(gnutls_x509_crt_set_serial(certificate, &serial, 1), "serial");
    require(gnutls_x509_crt_set_dn(certificate, "CN=gnutls.example", NULL), "subject");
    require(gnutls_x509_crt_set_key(certificate, key), "public key");
    require(gnutls_x509_crt_set_key_usage(certificate, GNUTLS_KEY_DIGITAL_SIGNATURE), "key usage");
    require(gnutls_x509_crt_set_activation_time(certificate, time(NULL) - 3600), "not before");
    require(gnutls_x509_crt_set_expiration_time(certificate, time(NULL) + 3600), "not after");
    require(gnutls_x509_crt_sign2(certificate, certificate, key, ecdsa || rsa ? GNUTLS_DIG_SHA256 : GNUTLS_DIG_SHA512, 0), "sign");
    require(gnutls_x509_crt_export2(certificate, GNUTLS_X509_FMT_DER, &der), "export");
    print_line("CERT", der.data, der.size);
    require(gnutls_certificate_set_x509_key(credentials, &certificate, 1, key), "credentials");
}

static void print_done(gnutls_session_t session, int server)
{
    char name[256] = "-";
    size_t name_size = sizeof name;
    unsigned name_type;
    unsigned certificates = 0;
    unsigned char exported[EXPORTER_SIZE];
    gnutls_datum_t protocol = {NULL, 0};

    if (server && gnutls_server_name_get(session, name, &name_size, &name_type, 0) < 0) {
        strcpy(name, "-");
    }
    (void)gnutls_certificate_get_peers(session, &certificates);
    require(gnutls_alpn_get_selected_protocol(session, &protocol), "alpn");
    require(gnutls_prf_rfc5705(session, 13, "EXPORTER-chat", 1, "\x01", sizeof exported, (char *)exported), "exporter");
    printf("DONE %.*s %s %u ", (int)protocol.size, (const char *)protocol.data, name, certificates);
    print_hex(exported, sizeof exported);
    printf("\n");
}

/* Returns false when the handshake has failed. */
static int step(gnutls_session_t session, int server, int *done)
{
    int result = gnutls_handshake(session);
    if (result == 0) {
        *done = 1;
        print_done(session, server);
    } else if (result != GNUTLS_E_AGAIN && gnutls_error_is_fatal(result)) {
        gnutls_alert_send_appropriate(session, result);
        printf("ERROR %s\n", gnutls_strerror(result));
        return 0;
    }
    return 1;
}

static size_t parse_hex(const char *text, unsigned char *bytes)
{
    size_t count = 0;
    unsigned value;
    while (count < BYTES_MAX && sscanf(text, "%2x", &value) == 1) {
        bytes[count++] = (unsigned char)value;
        text += 2;
    }
    return count;
}

int main(int argc, char **argv)
{
    static char line[2 * BYTES_MAX + 64];
    static unsigned char bytes[BYTES_MAX];
    gnutls_session_t session;
    gnutls_certificate_credentials_t credentials;
    int done = 0;

    if (argc < 5) {
        return 2;
    }
    int server = !strcmp(argv[1], "server");
    setvbuf(stdout, NULL, _IOFBF, 1 << 16);

    require(gnutls_init(&session, (server ? GNUTLS_SERVER : GNUTLS_CLIENT) | GNUTLS_NONBLOCK | GNUTLS_NO_END_OF_EARLY_DATA | GNUTLS_KEY_SHARE_TOP), "session");
    require(gnutls_certificate_allocate_credentials(&credentials), "credentials");
    if (strcmp(argv[3], "none")) {
        make_certificate(credentials, argv[3]);
    }
    require(gnutls_credentials_set(session, GNUTLS_CRD_CERTIFICATE, credentials), "credentials");
    require(gnutls_priority_set_direct(session, argv[2], NULL), "priority");
    gnutls_handshake_set_secret_function(session, on_secret);
    gnutls_handshake_set_read_function(session, on_output);
    gnutls_alert_set_read_function(session, on_alert);
    require(gnutls_session_ext_register(
                session, "quic_transport_parameters", EXTENSION_TRANSPORT_PARAMETERS, GNUTLS_EXT_TLS, on_parameters_received, on_parameters_wanted,
                NULL, NULL, NULL, GNUTLS_EXT_FLAG_TLS | GNUTLS_EXT_FLAG_CLIENT_HELLO | GNUTLS_EXT_FLAG_EE),
            "extension");
    gnutls_datum_t protocol = {(unsigned char *)argv[4], (unsigned)strlen(argv[4])};
    require(gnutls_alpn_set_protocols(session, &protocol, 1, GNUTLS_ALPN_MANDATORY), "alpn");
    if (server) {
        gnutls_datum_t ticket_key;
        require(gnutls_session_ticket_key_generate(&ticket_key), "ticket key");
        require(gnutls_session_ticket_enable_server(session, &ticket_key), "tickets");
        if (argc > 5) {
            gnutls_certificate_server_set_request(session, GNUTLS_CERT_REQUIRE);
        }
    } else {
        require(gnutls_server_name_set(session, GNUTLS_NAME_DNS, "chat.example", strlen("chat.example")), "name");
    }

    for (;;) {
        int alive = done || step(session, server, &done);
        printf("WAIT\n");
        fflush(stdout);
        if (!alive || !fgets(line, sizeof line, stdin)) {
            return alive ? 0 : 1;
        }

        int level;
        int offset = 0;
        if (sscanf(line, "IN %d %n", &level, &offset) != 1) {
            return 2;
        }
        size_t count = parse_hex(line + offset, bytes);
        int result = gnutls_handshake_write(session, (gnutls_record_encryption_level_t)level, bytes, count);
        if (result < 0 && result != GNUTLS_E_AGAIN) {
            gnutls_alert_send_appropriate(session, result);
            printf("ERROR %s\nWAIT\n", gnutls_strerror(result));
            fflush(stdout);
            return 1;
        }
    }
}
