// Judges sealed documents with Bouncy Castle, without any code of certpress.
//
//   java -cp CLASSES:bcprov.jar:bcpkix.jar:bcutil.jar VerifySeal ROOT.crt [--extract DIR] FILE...
//
// FILE is a sealed OFD or PDF. Prints one line for each fact and `VALID FILE` or `INVALID FILE`. Exit code: 0 all are valid, 1 some are
// not, 2 could not run. With --extract, DIR gets for each file what a third program needs to check the signature over raw bytes:
// NAME.signed (M), NAME.sig (DER r, s), NAME.signer.pem and, for OFD and GM.sm2seal, the seal maker's NAME.maker.{signed,sig,pem}.

import java.io.*;
import java.nio.charset.StandardCharsets;
import java.nio.file.*;
import java.security.*;
import java.security.cert.*;
import java.security.cert.Certificate;
import java.util.*;
import java.util.regex.*;
import java.util.zip.*;
import javax.xml.parsers.*;
import org.bouncycastle.asn1.*;
import org.bouncycastle.asn1.cms.Attribute;
import org.bouncycastle.asn1.cms.AttributeTable;
import org.bouncycastle.asn1.ess.SigningCertificateV2;
import org.bouncycastle.cert.*;
import org.bouncycastle.cert.jcajce.*;
import org.bouncycastle.cms.*;
import org.bouncycastle.cms.jcajce.*;
import org.bouncycastle.jce.provider.BouncyCastleProvider;
import org.bouncycastle.tsp.TimeStampToken;
import org.w3c.dom.*;

public class VerifySeal {
    static final String SM3 = "1.2.156.10197.1.401", SM2_WITH_SM3 = "1.2.156.10197.1.501";
    static final String SM2_CURVE = "1.2.156.10197.1.301";

    static X509Certificate root;
    static Path extractTo;
    static boolean valid;

    public static void main(String[] args) throws Exception {
        if (args.length < 2) {
            System.err.println("usage: VerifySeal ROOT.crt [--extract DIR] FILE...");
            System.exit(2);
        }
        Security.addProvider(new BouncyCastleProvider());
        int next = 1;
        boolean all = true;
        try {
            root = certificate(Files.readAllBytes(Path.of(args[0])));
            if (args[1].equals("--extract")) {
                extractTo = Files.createDirectories(Path.of(args[2]));
                next = 3;
            }
        } catch (Exception e) {
            System.err.println(e);
            System.exit(2);
        }
        for (; next < args.length; next++) {
            valid = true;
            Path file = Path.of(args[next]);
            try {
                byte[] bytes = Files.readAllBytes(file);
                if (bytes[0] == 'P' && bytes[1] == 'K') {
                    ofd(bytes, file);
                } else {
                    pdf(bytes, file);
                }
            } catch (Exception e) {
                fact(false, "readable: " + e);
            }
            System.out.println((valid ? "VALID " : "INVALID ") + file);
            all &= valid;
        }
        System.exit(all ? 0 : 1);
    }

    static void fact(boolean holds, String what) {
        valid &= holds;
        System.out.println((holds ? "  ok   " : "  FAIL ") + what);
    }

    // ---- OFD: GB/T 33190, chapter 18 ----

    static void ofd(byte[] bytes, Path file) throws Exception {
        Map<String, byte[]> parts = new TreeMap<>();
        try (ZipInputStream zip = new ZipInputStream(new ByteArrayInputStream(bytes))) {
            for (ZipEntry entry; (entry = zip.getNextEntry()) != null; ) {
                fact(parts.put("/" + entry.getName(), zip.readAllBytes()) == null, "one part " + entry.getName());
            }
        }
        String list = resolve("/OFD.xml", text(xml(parts.get("/OFD.xml")), "Signatures"));
        NodeList signatures = xml(parts.get(list)).getElementsByTagNameNS("*", "Signature");
        fact(signatures.getLength() > 0, "signatures: " + signatures.getLength());
        for (int i = 0; i < signatures.getLength(); i++) {
            String path = resolve(list, ((Element) signatures.item(i)).getAttribute("BaseLoc"));
            Document signature = xml(parts.get(path));
            String valuePath = resolve(path, text(signature, "SignedValue"));
            Set<String> open = new TreeSet<>(parts.keySet());
            open.removeAll(List.of(list, path, valuePath));
            NodeList references = signature.getElementsByTagNameNS("*", "Reference");
            int good = 0;
            for (int j = 0; j < references.getLength(); j++) {
                Element reference = (Element) references.item(j);
                String name = reference.getAttribute("FileRef");
                byte[] expected = Base64.getDecoder().decode(text(reference, "CheckValue"));
                byte[] part = parts.get(name);
                if (part != null && Arrays.equals(sm3(part), expected)) {
                    good++;
                    open.remove(name);
                } else {
                    fact(false, "digest of " + name);
                }
            }
            fact(good > 0, "digests that hold: " + good);
            fact(open.isEmpty(), "every part is covered " + open);
            ses(parts.get(valuePath), parts.get(path), path, file);
        }
    }

    static String resolve(String base, String location) {
        return location.startsWith("/") ? location : base.substring(0, base.lastIndexOf('/') + 1) + location;
    }

    static Document xml(byte[] bytes) throws Exception {
        DocumentBuilderFactory factory = DocumentBuilderFactory.newInstance();
        factory.setNamespaceAware(true);
        factory.setFeature("http://apache.org/xml/features/disallow-doctype-decl", true);
        return factory.newDocumentBuilder().parse(new ByteArrayInputStream(bytes));
    }

    static String text(Document document, String name) {
        return text(document.getDocumentElement(), name);
    }

    static String text(Element element, String name) {
        return element.getElementsByTagNameNS("*", name).item(0).getTextContent().trim();
    }

    // ---- PDF: ISO 32000-1, 12.8 ----

    static void pdf(byte[] bytes, Path file) throws Exception {
        String text = new String(bytes, StandardCharsets.ISO_8859_1);
        Matcher range = Pattern.compile("/ByteRange\\s*\\[\\s*(\\d+)\\s+(\\d+)\\s+(\\d+)\\s+(\\d+)\\s*\\]").matcher(text);
        fact(range.find(), "has a ByteRange");
        int a = Integer.parseInt(range.group(1)), b = Integer.parseInt(range.group(2));
        int c = Integer.parseInt(range.group(3)), d = Integer.parseInt(range.group(4));
        fact(!range.find(), "has one ByteRange");
        fact(a == 0 && c + d == bytes.length, "the ByteRange covers the whole file");
        fact(bytes[b] == '<' && bytes[c - 1] == '>', "the gap is exactly Contents");
        byte[] data = Arrays.copyOf(bytes, b + d);
        System.arraycopy(bytes, c, data, b, d);
        byte[] contents;
        try (ASN1InputStream in = new ASN1InputStream(HexFormat.of().parseHex(text.substring(b + 1, c - 1)))) {
            contents = in.readObject().getEncoded();
        }
        String filter = text.replaceAll("(?s).*?/SubFilter\\s*/([A-Za-z0-9.]+).*", "$1");
        System.out.println("  SubFilter " + filter);
        if (filter.equals("GM.sm2seal")) {
            ses(contents, data, null, file);
        } else {
            cms(contents, data, filter, file);
        }
    }

    // ---- CMS: RFC 5652, or the same in GB/T 35275's words ----

    static void cms(byte[] contents, byte[] data, String filter, Path file) throws Exception {
        CMSSignedData signed = new CMSSignedData(new CMSProcessableByteArray(data), contents);
        List<X509Certificate> certificates = new ArrayList<>();
        for (X509CertificateHolder holder : signed.getCertificates().getMatches(null)) {
            certificates.add(new JcaX509CertificateConverter().setProvider("BC").getCertificate(holder));
        }
        Collection<SignerInformation> signers = signed.getSignerInfos().getSigners();
        fact(signers.size() == 1, "one signer");
        for (SignerInformation signer : signers) {
            Iterator<X509CertificateHolder> match = signed.getCertificates().getMatches(signer.getSID()).iterator();
            X509CertificateHolder holder = match.next();
            X509Certificate certificate = new JcaX509CertificateConverter().setProvider("BC").getCertificate(holder);
            fact(signer.getDigestAlgOID().equals(SM3), "digest algorithm SM3");
            fact(signer.getEncryptionAlgOID().equals(SM2_WITH_SM3), "signature algorithm SM2 with SM3");
            AttributeTable attributes = signer.getSignedAttributes();
            fact(attributes != null, "has signed attributes");
            fact(signer.verify(new JcaSimpleSignerInfoVerifierBuilder().setProvider("BC").build(certificate)),
                 "the CMS signature and the digest of the document");
            if (filter.startsWith("ETSI.CAdES")) {
                Attribute bound = attributes.get(new ASN1ObjectIdentifier("1.2.840.113549.1.9.16.2.47"));
                fact(bound != null, "has signingCertificateV2");
                SigningCertificateV2 value = SigningCertificateV2.getInstance(bound.getAttrValues().getObjectAt(0));
                fact(Arrays.equals(value.getCerts()[0].getCertHash(), sm3(certificate.getEncoded())),
                     "signingCertificateV2 names the signer's certificate");
            }
            chain(certificate, "signer");
            AttributeTable unsigned = signer.getUnsignedAttributes();
            Attribute stamp = unsigned == null ? null : unsigned.get(new ASN1ObjectIdentifier("1.2.840.113549.1.9.16.2.14"));
            if (stamp != null) {
                timestamp(stamp.getAttrValues().getObjectAt(0).toASN1Primitive().getEncoded(), signer.getSignature());
            }
            extract(file, "", signer.getEncodedSignedAttributes(), signer.getSignature(), certificate);
        }
    }

    // ---- SES_Signature: GB/T 38540 (V4), GM/T 0031 (V1) ----

    static void ses(byte[] value, byte[] data, String property, Path file) throws Exception {
        ASN1Sequence signature = ASN1Sequence.getInstance(value);
        fact(Arrays.equals(signature.getEncoded("DER"), value), "SES_Signature is DER");
        ASN1Sequence toSign = ASN1Sequence.getInstance(signature.getObjectAt(0));
        boolean v4 = signature.size() >= 4;
        byte[] signer = v4 ? octets(signature.getObjectAt(1)) : octets(toSign.getObjectAt(5));
        String algorithm = (v4 ? signature.getObjectAt(2) : toSign.getObjectAt(6)).toString();
        byte[] signed = bits(signature.getObjectAt(v4 ? 3 : 1));
        System.out.println("  SES " + (v4 ? "V4" : "V1") + ", version " + toSign.getObjectAt(0) + ", time "
            + (v4 ? ASN1GeneralizedTime.getInstance(toSign.getObjectAt(2)).getTimeString()
                  : ASN1UTCTime.getInstance(bits(toSign.getObjectAt(2))).getAdjustedTime()));
        fact(algorithm.equals(SM2_WITH_SM3), "signature algorithm SM2 with SM3");
        fact(Arrays.equals(bits(toSign.getObjectAt(3)), sm3(data)), "dataHash");
        String propertyInfo = toSign.getObjectAt(4).toString();
        fact(property == null || property.equals(propertyInfo), "propertyInfo " + propertyInfo);
        X509Certificate certificate = certificate(signer);
        fact(sm2(certificate, toSign.getEncoded("DER"), signed), "the signer's signature over TBS_Sign");
        chain(certificate, "signer");
        if (signature.size() == 5) {
            timestamp(bits(ASN1TaggedObject.getInstance(signature.getObjectAt(4)).getExplicitBaseObject()), signed);
        }
        extract(file, "", toSign.getEncoded("DER"), signed, certificate);

        ASN1Sequence seal = ASN1Sequence.getInstance(toSign.getObjectAt(1));
        ASN1Sequence info = ASN1Sequence.getInstance(seal.getObjectAt(0));
        ASN1Sequence header = ASN1Sequence.getInstance(info.getObjectAt(0));
        fact(header.getObjectAt(0).toString().equals("ES"), "the seal's header is ES, version " + header.getObjectAt(1));
        ASN1Sequence by = v4 ? null : ASN1Sequence.getInstance(seal.getObjectAt(1));
        X509Certificate maker = certificate(octets(v4 ? seal.getObjectAt(1) : by.getObjectAt(0)));
        byte[] made = v4 ? info.getEncoded("DER")
            : new DERSequence(new ASN1Encodable[] {info, by.getObjectAt(0), by.getObjectAt(1)}).getEncoded("DER");
        byte[] makerSignature = bits(v4 ? seal.getObjectAt(3) : by.getObjectAt(2));
        fact(sm2(maker, made, makerSignature), "the maker's signature over the seal");
        chain(maker, "maker");
        extract(file, ".maker", made, makerSignature, maker);

        ASN1Sequence properties = ASN1Sequence.getInstance(info.getObjectAt(2));
        boolean listed = false;
        for (ASN1Encodable entry : ASN1Sequence.getInstance(properties.getObjectAt(v4 ? 3 : 2))) {
            listed |= Arrays.equals(octets(entry), signer);
        }
        fact(listed, "the seal allows this signer");
        ASN1Sequence picture = ASN1Sequence.getInstance(info.getObjectAt(3));
        System.out.println("  seal " + properties.getObjectAt(1) + ", picture " + picture.getObjectAt(0) + " "
            + octets(picture.getObjectAt(1)).length + " bytes, " + picture.getObjectAt(2) + " x "
            + picture.getObjectAt(3) + " mm");
    }

    static byte[] octets(ASN1Encodable value) {
        return ASN1OctetString.getInstance(value).getOctets();
    }

    static byte[] bits(ASN1Encodable value) {
        return ASN1BitString.getInstance(value).getOctets();
    }

    // ---- timestamps: RFC 3161 ----

    /** Over the value of a signature. */
    static void timestamp(byte[] token, byte[] value) throws Exception {
        TimeStampToken stamp = new TimeStampToken(new CMSSignedData(token));
        fact(stamp.getTimeStampInfo().getMessageImprintAlgOID().getId().equals(SM3)
             && Arrays.equals(stamp.getTimeStampInfo().getMessageImprintDigest(), sm3(value)),
             "the timestamp is over the signature: " + stamp.getTimeStampInfo().getGenTime().toInstant());
        X509CertificateHolder holder = (X509CertificateHolder) stamp.getCertificates().getMatches(stamp.getSID()).iterator().next();
        X509Certificate certificate = new JcaX509CertificateConverter().setProvider("BC").getCertificate(holder);
        try {
            stamp.validate(new JcaSimpleSignerInfoVerifierBuilder().setProvider("BC").build(certificate));
            fact(true, "the timestamp's signature, certificate identifier and purpose");
        } catch (org.bouncycastle.tsp.TSPException e) {
            fact(false, "the timestamp's signature, certificate identifier and purpose: " + e.getMessage());
        }
        chain(certificate, "timestamp authority");
    }

    // ---- keys and certificates ----

    static byte[] sm3(byte[] data) throws Exception {
        return MessageDigest.getInstance("SM3", "BC").digest(data);
    }

    /** The default identity 1234567812345678 is Bouncy Castle's own default. */
    static boolean sm2(X509Certificate certificate, byte[] message, byte[] signature) throws Exception {
        Signature verifier = Signature.getInstance("SM3WITHSM2", "BC");
        verifier.initVerify(certificate.getPublicKey());
        verifier.update(message);
        return verifier.verify(signature);
    }

    static X509Certificate certificate(byte[] bytes) throws Exception {
        CertificateFactory factory = CertificateFactory.getInstance("X.509", "BC");
        return (X509Certificate) factory.generateCertificate(new ByteArrayInputStream(bytes));
    }

    static void chain(X509Certificate certificate, String who) throws Exception {
        try {
            PKIXParameters parameters = new PKIXParameters(Set.of(new TrustAnchor(root, null)));
            parameters.setRevocationEnabled(false);
            CertPath path = CertificateFactory.getInstance("X.509", "BC").generateCertPath(List.of(certificate));
            CertPathValidator.getInstance("PKIX", "BC").validate(path, parameters);
            fact(true, "the " + who + "'s certificate is issued under the root: " + certificate.getSubjectX500Principal());
        } catch (CertPathValidatorException e) {
            fact(false, "the " + who + "'s certificate is issued under the root: " + e.getMessage());
        }
    }

    static void extract(Path file, String part, byte[] signed, byte[] signature, X509Certificate certificate)
            throws Exception {
        if (extractTo == null) {
            return;
        }
        String name = file.getFileName() + part;
        Files.write(extractTo.resolve(name + ".signed"), signed);
        Files.write(extractTo.resolve(name + ".sig"), signature);
        String pem = Base64.getMimeEncoder(64, new byte[] {'\n'}).encodeToString(certificate.getEncoded());
        String who = part.isEmpty() ? ".signer.pem" : ".pem";
        Files.writeString(extractTo.resolve(name + who),
            "-----BEGIN CERTIFICATE-----\n" + pem + "\n-----END CERTIFICATE-----\n");
    }
}
