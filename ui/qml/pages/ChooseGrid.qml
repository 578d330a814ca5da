pragma ComponentBehavior: Bound

import QtQuick
import QtQuick.Layouts
import Kiosk
import "../controls"

// Short words side by side: years, months, days. One touch is the answer; more years come by the pager.
PageBase {
    id: root

    used: column.implicitHeight

    ColumnLayout {
        id: column

        spacing: 32
        width: parent.width

        GridLayout {
            Layout.fillWidth: true
            columnSpacing: 16
            columns: root.page.columns
            rowSpacing: 16

            Repeater {
                model: root.page.options.length

                GridCell {
                    required property int index

                    Layout.fillWidth: true
                    Layout.preferredWidth: 100
                    checked: root.page.selected.indexOf(choice.id ?? "") >= 0
                    choice: root.page.options[index] ?? ({})
                    narrow: root.page.columns > 4

                    onClicked: Flow.choose(choice.id)
                }
            }
        }
        Pager {
            Layout.alignment: Qt.AlignHCenter
            name: "grid"
            page: root.page.page
            pages: root.page.pages
            text: root.page.pageText
            visible: root.page.pages > 1

            onTurned: page => Flow.turn(page)
        }
    }
}
