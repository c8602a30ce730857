// Stands for the database.
const notes: { id: number; text: string }[] = []

export const listNotes = async () => notes

export async function addNote(text: string) {
  const note = { id: notes.length + 1, text }
  notes.push(note)
  return note
}

// Stands for S3.
export const storePicture = async (name: string, bytes: Uint8Array) => ({ name, size: bytes.length })
