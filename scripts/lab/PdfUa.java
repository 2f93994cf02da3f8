import java.io.InputStream;
import java.nio.file.*;
import java.util.*;
import java.util.stream.Stream;
import org.verapdf.gf.foundry.VeraGreenfieldFoundryProvider;
import org.verapdf.pdfa.*;
import org.verapdf.pdfa.flavours.PDFAFlavour;
import org.verapdf.pdfa.results.*;
import org.verapdf.pdfa.validation.profiles.*;

/**
 * Holds every PDF below a folder to veraPDF's rules of PDF/UA-1. Arguments: the folder.
 * Prints each failed rule with its clause in ISO 14289-1, how often it failed and in which file; ends with 1 if one failed.
 */
public class PdfUa {
    public static void main(String[] args) throws Exception {
        VeraGreenfieldFoundryProvider.initialise();
        ValidationProfile profile;
        try (InputStream in = PdfUa.class.getResourceAsStream("/org/verapdf/pdfa/validation/PDFUA-1.xml")) {
            profile = Profiles.profileFromXml(in);
        }
        List<Path> files;
        try (Stream<Path> found = Files.walk(Path.of(args[0]))) {
            files = found.filter(f -> f.toString().endsWith(".pdf")).sorted().toList();
        }
        int bad = 0;
        long checks = 0;
        for (Path file : files) {
            try (PDFAParser parser = Foundries.defaultInstance().createParser(file.toFile(), PDFAFlavour.byFlavourId("ua1"))) {
                ValidationResult result = Foundries.defaultInstance().createValidator(profile, true).validate(parser);
                checks += result.getTotalAssertions();
                Map<String, Integer> failed = new TreeMap<>();
                for (TestAssertion a : result.getTestAssertions())
                    if (a.getStatus() == TestAssertion.Status.FAILED)
                        failed.merge(a.getRuleId().getClause() + "-" + a.getRuleId().getTestNumber() + " " + a.getMessage(), 1, Integer::sum);
                bad += result.isCompliant() ? 0 : 1;
                failed.forEach((rule, times) -> System.out.println(file + ": " + rule + " (" + times + " times)"));
            }
        }
        System.out.println(files.size() + " PDFs, " + bad + " fail PDF/UA-1; " + profile.getRules().size() + " rules, " + checks + " checks");
        System.exit(bad > 0 || files.isEmpty() ? 1 : 0);
    }
}
