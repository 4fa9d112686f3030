package io.slipstream.memory;

import java.io.IOException;
import java.nio.file.AccessDeniedException;
import java.nio.file.NoSuchFileException;

/**
 * Where in a loaded DLL a shared block is.
 *
 * @param address of it, from where the DLL is loaded.
 * @param size bytes, to the end of its section.
 * @param section it is in.
 */
record DllMember(long address, long size, String section) {
    /** Looks it up in the DLL's file. */
    static DllMember of(BlockName.DllSection name) throws SharedMemoryException {
        try {
            return PeImage.read(name.file(), image -> find(image, name));
        } catch (SharedMemoryException e) {
            throw e;
        } catch (NoSuchFileException e) {
            throw failure(SharedMemoryError.NOT_FOUND, name, "there is no such file; give the DLL's path", e);
        } catch (AccessDeniedException e) {
            throw failure(SharedMemoryError.PERMISSION_DENIED, name, "you may not read the file", e);
        } catch (IOException e) {
            throw failure(
                    SharedMemoryError.KEY_ERROR, name, e.getMessage() + "; give the DLL that the programs load", e);
        }
    }

    private static SharedMemoryException failure(
            SharedMemoryError error, BlockName name, String problem, IOException cause) {
        return new SharedMemoryException(error, name + ": " + problem, cause);
    }

    private static DllMember find(PeImage image, BlockName.DllSection name) throws IOException {
        final String member = name.member();
        if (!member.isEmpty() && !member.startsWith(".")) {
            return symbol(image, name);
        }
        final StringBuilder others = new StringBuilder();
        for (PeImage.Section section : image.sections()) {
            final boolean wanted =
                    member.isEmpty() ? section.shared() : section.name().equals(member);
            if (wanted) {
                return checked(image, name, section, section.address());
            }
            others.append(others.isEmpty() ? "" : ", ")
                    .append(section.name().replaceAll("\\p{Cntrl}", "?"))
                    .append(section.shared() ? " (shared)" : "");
        }
        throw new SharedMemoryException(
                SharedMemoryError.KEY_ERROR,
                name + ": the DLL has no " + (member.isEmpty() ? "shared section" : "section " + member) + " but "
                        + others + "; a shared one is made with #pragma data_seg and /SECTION:name,RWS");
    }

    private static DllMember symbol(PeImage image, BlockName.DllSection name) throws IOException {
        final long address = image.export(name.member());
        final PeImage.Section section = address < 0 ? null : image.sectionAt(address);
        if (section == null) {
            throw new SharedMemoryException(
                    SharedMemoryError.KEY_ERROR,
                    name + ": the DLL exports no '" + name.member()
                            + "'; case counts, and C++ changes names. Its shared section is found without a symbol: dll:"
                            + name.file());
        }
        return checked(image, name, section, address);
    }

    private static DllMember checked(PeImage image, BlockName name, PeImage.Section section, long address)
            throws SharedMemoryException {
        if (!section.shared()) {
            throw new SharedMemoryException(
                    SharedMemoryError.KEY_ERROR,
                    name + ": it is in the section " + section.name().replaceAll("\\p{Cntrl}", "?")
                            + ", of which every process has its own copy"
                            + (image.sections().stream().anyMatch(PeImage.Section::shared)
                                    ? "; the DLL has another section that is shared: leave out what follows the !"
                                    : "; no section of this DLL is shared"));
        }
        return new DllMember(address, section.size() - (address - section.address()), section.name());
    }
}
