/**
 * What the shared-memory block of any program holds and where: a small declarative language, one commented text file a program,
 * the fields that it yields, and the seqlock by which one writer and many readers pass whole blocks. Knows nothing of how a block
 * is found, sampled or recorded.
 *
 * <h2>The language</h2>
 *
 * One statement a line. Words are parted by blanks; a word that begins with {@code #} begins a comment; titles and mappings stand
 * between quotation marks. A name is declared above where it is used, so nothing can contain itself and a reader needs one pass.
 * Whole numbers are decimal, or hexadecimal after {@code 0x}. All storage is little-endian.
 *
 * <pre>
 * format NAME "TITLE"              once; what recordings call the format, and what people call the program
 * pack natural|1|2|4|8             once, above every struct; the strictest alignment; natural where left out
 * constant NAME VALUE              for dimensions, and for indexes in paths
 * unit STORED [SI [SCALE [SHIFT]]] si = stored * SCALE + SHIFT; SI is STORED, SCALE 1 and SHIFT 0 where left out
 * version FIELD                    which field holds the block's version
 * length VERSION BYTES             once a version, above every struct; without any there is a version 0 as long as its fields
 * consistency seqlock FIELD        odd while the program writes, plus two a write, 0 before the first
 *             pair FIELD FIELD     counted up before a frame, and after it
 *             counter FIELD        changes with every frame
 *             none                 the same as no such line
 * player ARRAY count FIELD viewed FIELD name MEMBER
 *                                  of a racing game: the participants, how many, which one is viewed, and the member that
 *                                  holds a name
 *
 * enum NAME                        names for values
 *   VALUE NAME
 * end
 * bits NAME                        names for bits
 *   MASK NAME
 * end
 * struct NAME                      members, for other structs and objects to hold
 *   MEMBER
 * end
 * object NAME "MAPPING"            members of one shared-memory object
 *   MEMBER
 * end
 *
 * MEMBER is  TYPE NAME[DIM][DIM] ATTRIBUTES
 *   TYPE        i8 u8 i16 u16 i32 u32 i64 u64 f32 f64 bool8 char8 char16, or a struct
 *   DIM         a whole number or a constant, at most four; of a text the last is its greatest length
 *   unit U      how the number is stored; a number without one has none
 *   unset A,B   stored values that mean "not set": they read as NaN, or null
 *   since V     first version that has the field; the first there is where left out
 *   enum E      the values have names
 *   bits B      the bits have names
 *   encoding utf-8|windows-1252|gbk
 *               of a char8; where left out UTF-8, and Windows-1252 where a text is not valid UTF-8; char16 is UTF-16
 *   at BYTES    an explicit offset from the start of the struct or object; what follows continues from there
 *   stride BYTES  from one struct of an array to the next, where that is more than the struct
 * </pre>
 *
 * <h2>The layout</h2>
 *
 * Offsets follow from the types as in C: a member stands at the next multiple of its size (of its strictest member's, for a
 * struct), or of the pack where that is less; a struct is padded to a multiple of its own alignment. Where a program has several
 * objects, its block is all of them one after another, each at a multiple of 8 bytes, and a path begins with the object's name.
 *
 * <h2>Reading and writing by name</h2>
 *
 * {@link io.slipstream.memory.format.Field} reads from any buffer and allocates nothing; {@link
 * io.slipstream.memory.format.FormattedBlock} reads whole states of a live block and writes to it under its consistency rule, and
 * {@link io.slipstream.memory.format.FieldWatch} tells what changed. What is stored is exact or refused: a number must fit its type, a
 * text its field with the NUL at its end and its encoding; "not set" is the first value after {@code unset}. GBK is code page 936 as
 * Windows has it.
 *
 * <h2>The limits</h2>
 *
 * A file of 1 MiB, a line of 1,000 characters, a block of 16 MiB and 1,048,576 values: what goes beyond them is refused with a
 * {@link io.slipstream.memory.format.FormatException} that names the line and the remedy, as is everything else that is wrong
 * with a text.
 */
package io.slipstream.memory.format;
